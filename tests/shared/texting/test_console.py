"""Texts on the terminal."""

from django.utils import timezone

from portal.shared.texting.console import ConsoleSender


def test_a_text_is_printed_without_its_number(capsys):
    sender = ConsoleSender()
    assert sender.send(to="+16175550142", body="MA Bill Pay: Hello.", number=7) == "console-7"
    assert capsys.readouterr().out == "Text 7 to the number that ends in 42: MA Bill Pay: Hello.\n"
    assert sender.sent(to="+16175550142", body="MA Bill Pay: Hello.", since=timezone.now()) == []
