"""Days, times and amounts in each language, and legal text beside its English."""

from datetime import date, datetime, time

import pytest
from django.conf import settings as live
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.formats import date_format, get_format, time_format

from portal.shared import borrowed
from portal.shared.legal import apart, beside_english
from portal.shared.money import usd
from tests.catalogues import offer

DAY = date(2026, 11, 24)
CODES = ["es", "pt-br", "ht", "zh-hans", "zh-hant", "vi"]


@pytest.mark.parametrize(
    ("code", "november", "shown"),
    [
        ("es", "noviembre", ["24 de noviembre de 2026", "noviembre de 2026", "3:30 p. m."]),
        ("pt_br", "novembro", ["24 de novembro de 2026", "novembro de 2026", "3:30 p. m."]),
        ("zh_hans", "十一月", ["2026年11月24日", "2026年11月", "下午3:30"]),
        ("zh_hant", "十一月", ["2026年11月24日", "2026年11月", "下午3:30"]),
        ("vi", "Tháng Mười Một", ["24 tháng 11, 2026", "tháng 11, 2026", "3:30 下午"]),
    ],
)
def test_days_and_times_are_written_out_in_the_language(code, november, shown, settings, tmp_path):
    offer(settings, tmp_path, **{code: {"November": november, "p.m.": "p. m.", "PM": "下午"}})
    with translation.override(code.replace("_", "-")):
        half_past = time_format(time(15, 30), "TIME_FORMAT")
        assert [date_format(DAY, "DATE_FORMAT"), date_format(DAY, "YEAR_MONTH_FORMAT"), half_past] == shown
        assert date_format(DAY, "SHORT_DATE_FORMAT") == shown[0]


def test_haitian_creole_has_days_of_its_own_though_django_does_not_know_it(settings, tmp_path):
    offer(settings, tmp_path, ht={"November": "novanm", "p.m.": "p.m."})
    with translation.override("ht"):
        assert date_format(DAY, "DATE_FORMAT") == "24 novanm 2026"
        moment = timezone.make_aware(datetime(2026, 11, 24, 15, 30))  # noqa: DTZ001 - made aware here
        assert date_format(moment, "DATETIME_FORMAT") == "24 novanm 2026, 3:30 p.m."
    assert "November" in borrowed.MONTHS


@pytest.mark.parametrize("code", CODES)
def test_dollars_are_written_the_us_way_in_every_language(code):
    with translation.override(code):
        assert Template("{% load shared %}{{ cents|usd }}").render(Context({"cents": 123450})) == "$1,234.50"
        assert usd(-5) == "-$0.05"
        assert (get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")) == (".", ",")


@pytest.mark.parametrize("code", CODES)
def test_a_typed_day_has_its_month_first_in_every_language(code):
    with translation.override(code):
        assert get_format("DATE_INPUT_FORMATS")[:2] == ["%Y-%m-%d", "%m/%d/%Y"]


def test_in_an_unreviewed_language_a_legal_text_stands_beside_its_english_which_counts(settings, tmp_path):
    offer(settings, tmp_path, es={"Pay": "Pagar", COUNTS: "Cuenta el texto en inglés."})
    with translation.override("es"):
        text = beside_english(lambda: translation.gettext("Pay"))
        assert apart(text) == ("Pagar\n\nCuenta el texto en inglés.", "Pay")
        page = Template(PAGE).render(Context())
    assert page == (
        '<p>Pagar</p><p><strong>Cuenta el texto en inglés.</strong></p><div lang="en" dir="ltr"><p>Pay</p></div>'
    )


def test_in_english_and_in_a_reviewed_language_it_stands_alone(settings, tmp_path):
    offer(settings, tmp_path, es={"Pay": "Pagar"})
    settings.UNREVIEWED_LANGUAGES = set()
    for code, text in (("en", "Pay"), ("es", "Pagar")):
        with translation.override(code):
            assert apart(beside_english(lambda: translation.gettext("Pay"))) == (text, "")
            assert Template(PAGE).render(Context()) == f"<p>{text}</p>"


def test_the_languages_that_nobody_reviewed_are_known_from_the_list():
    assert {one.code for one in live.ALL_LANGUAGES if one.review != "reviewed"} >= live.UNREVIEWED_LANGUAGES
    assert "en" not in live.UNREVIEWED_LANGUAGES


COUNTS = "This is a translation. If it differs from the English text, the English text counts."
PAGE = '{% load i18n shared %}{% legal %}<p>{% translate "Pay" %}</p>{% endlegal %}'
