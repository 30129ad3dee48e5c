"""How typed IDs, names, birthdays and passwords are judged."""

import contextlib
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import (
    Context,
    Held,
    IdProblem,
    NotAMassHealthId,
    clean_masshealth_id,
    coarse_address,
    comparable_name,
    device_of,
    fewest_pieces,
    is_possible_birth_date,
    is_same_name,
    is_too_simple,
    spellings_undone,
    typed_day,
    what_password_holds,
)


@pytest.mark.parametrize("typed", ["100000000001", " 1000 0000 0001 ", "1000-0000-0001", "1000\u00a00000\u20130001"])
def test_an_id_is_taken_with_spaces_and_hyphens(typed):
    assert clean_masshealth_id(typed) == "100000000001"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", IdProblem.EMPTY),
        (" - ", IdProblem.EMPTY),
        ("10000000001", IdProblem.COUNT),
        ("1000000000001", IdProblem.COUNT),
        ("10000000000A", IdProblem.NOT_DIGITS),
        ("1000.0000.0001", IdProblem.NOT_DIGITS),
        ("\u0661" * 12, IdProblem.OTHER_DIGITS),
        ("\uff11" * 12, IdProblem.OTHER_DIGITS),
        ("\u00b2" * 12, IdProblem.NOT_DIGITS),
        ("712345678", IdProblem.CONNECTOR),
        ("7 1234 5678", IdProblem.CONNECTOR),
        ("812345678", IdProblem.COUNT),
    ],
)
def test_what_is_no_id_is_refused_for_its_reason(typed, problem):
    with pytest.raises(NotAMassHealthId) as refused:
        clean_masshealth_id(typed)
    assert refused.value.problem is problem


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_twelve_ascii_digits_or_a_reason(typed):
    try:
        cleaned = clean_masshealth_id(typed)
    except NotAMassHealthId:
        return
    assert len(cleaned) == 12
    assert cleaned.isascii()
    assert cleaned.isdigit()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", "jose"),
        ("O'Brien", "OBRIEN"),
        ("O\u2019Brien", "O Brien"),
        ("Smith-Jones", "smith  jones"),
        ("Smith\u2010Jones", "SmithJones"),
        ("De la Cruz", "Delacruz"),
        ("Nuñez", "Nun\u0303ez"),
        ("Strauß", "STRAUSS"),
        ("Søren", "Soren"),
        ("Łukasz", "lukasz"),
        ("Jr.", "JR"),
        ("Ｔｅｓｔａ", "Testa"),
    ],
)
def test_names_compare_without_case_accents_hyphens_apostrophes_and_spaces(one, other):
    assert is_same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("Testa", "Testo"), ("Ann", "Anne"), ("", ""), ("'", "-"), ("李", "王")])
def test_other_names_are_other_and_nothing_is_nobody(one, other):
    assert not is_same_name(one, other)


@given(st.text(max_size=60))
def test_a_comparable_name_stays_as_it_is_when_compared_again(name):
    assert comparable_name(comparable_name(name)) == comparable_name(name)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=30))
def test_every_unicode_spelling_of_a_name_is_the_same_name(name):
    assert comparable_name(unicodedata.normalize("NFD", name)) == comparable_name(unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    "typed",
    ["4/27/1970", "04/27/1970", "04-27-1970", "4 27 1970", "4.27.1970", "04271970", "1970-04-27", " 4 / 27 / 1970 "],
)
def test_a_birthday_is_read_as_people_and_browsers_write_it(typed):
    assert typed_day(typed) == date(1970, 4, 27)


@pytest.mark.parametrize(
    "typed", ["", "27/4/1970", "4/27/70", "2/30/1970", "4/27", "April 27", "٤/27/1970", "0/0/0000"]
)
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011  any reason
        typed_day(typed)


@given(st.text(max_size=20))
def test_reading_a_day_never_fails_otherwise(typed):
    with contextlib.suppress(ValueError):
        assert isinstance(typed_day(typed), date)


def test_nobody_is_born_tomorrow_or_in_another_century():
    today = date(2026, 11, 24)
    assert is_possible_birth_date(today, today=today)
    assert is_possible_birth_date(date(1901, 1, 1), today=today)
    assert not is_possible_birth_date(date(2026, 11, 25), today=today)
    assert not is_possible_birth_date(date(1900, 12, 31), today=today)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "123456789012345678",
        "qwertyuiopasdfgh",
        "zyxwvutsrqponmlk",
        "1a1a1a1a1a1a1a1a",
    ],
)
def test_repeats_and_runs_are_too_simple(password):
    assert is_too_simple(password)


@pytest.mark.parametrize("password", ["copper kettle under stairs", "river lamp orbit canoe", "Zq8!kd02-mmPw;x1"])
def test_phrases_are_not_too_simple(password):
    assert not is_too_simple(password)


OWNER = Context(
    username="rivergoat",
    names=("Zuzanna-Maria", "Li"),
    masshealth_id="100000000001",
    born=date(1970, 4, 7),
    site_words=("masshealth", "bill pay"),
)


@pytest.mark.parametrize(
    ("password", "held"),
    [
        ("my RiverGoat eats grass", [Held.USERNAME]),
        ("river-goat eats the grass", [Held.USERNAME]),
        ("zuzanna likes the lake", [Held.NAME]),
        ("ZUZÁNNA MARIA by the lake", [Held.NAME]),
        ("the lake of li is blue", [Held.NAME]),
        ("number 1000 0000 0001 is it", [Held.MASSHEALTH_ID]),
        ("lamp 04/07/1970 orbit", [Held.BIRTH_DATE]),
        ("lamp orbit 19700407", [Held.BIRTH_DATE]),
        ("lamp orbit 4-7-1970", [Held.BIRTH_DATE]),
        ("1970-4-7 lamp orbit", [Held.BIRTH_DATE]),
        ("7.4.1970 lamp orbit", [Held.BIRTH_DATE]),
        ("4/7/70 lamp orbit", [Held.BIRTH_DATE]),
        ("lamp 4770 orbit canoe", [Held.BIRTH_DATE]),
        ("lamp Apr 7, 1970 orbit", [Held.BIRTH_DATE]),
        ("the 7th of April 70 lamp", [Held.BIRTH_DATE]),
        ("lamporbit7april1970", [Held.BIRTH_DATE]),
        ("lamp 54770 orbit canoe", []),
        ("april 1970 lamp orbit", []),
        ("7 lamps in april 1970", []),
        ("lamp orbit 4/8/1970", []),
        ("MassHealth lamp orbit", [Held.SITE_WORDS]),
        ("mass health lamp orbit", [Held.SITE_WORDS]),
        ("lamp orbit billpay canoe", [Held.SITE_WORDS]),
        ("i like limes and lilies", []),
        ("river lamp orbit canoe", []),
    ],
)
def test_a_password_must_not_hold_what_a_stranger_may_know(password, held):
    assert what_password_holds(password, OWNER) == held


@pytest.mark.parametrize(
    ("name", "password", "is_held"),
    [
        ("Ana", "ana eats the river grass", True),
        ("Ana", "anaana lamp orbit canoe", True),
        ("Ana", "lampanaanaorbit by the lake", True),
        ("Ana", "banana bread in the oven", False),
        ("Bao", "ilovebaoverymuch", True),
        ("Bao", "chaos bowl lamp orbit", False),
        ("An", "banana bread in the oven", False),
        ("An", "bananabreadintheoven", False),
        ("An", "anan lamp orbit canoe", True),
        ("Rosa", "lamprosaorbit by the lake", True),
    ],
)
def test_a_short_name_is_held_as_a_word_or_said_twice_but_not_inside_another_word(name, password, is_held):
    assert what_password_holds(password, Context(names=(name,))) == ([Held.NAME] if is_held else [])


@pytest.mark.parametrize(
    ("text", "most", "pieces"),
    [("riverlamp", 2, 2), ("riverlamp", 1, None), ("river", 1, 1), ("riverx", 9, None), ("", 1, 0)],
)
def test_a_text_is_cut_into_as_few_words_as_can_be(text, most, pieces):
    assert fewest_pieces(text, {"river", "lamp", "la", "mp"}, most=most) == pieces


def test_letters_are_seen_behind_the_signs_put_for_them():
    assert "password" in spellings_undone("P@$$w0rd")
    assert "password" in spellings_undone("pa55word 2026!")
    assert "adminlimit" in spellings_undone("@dm1n l1mit")
    assert spellings_undone("2222 8888") == set()


def test_nothing_known_of_an_owner_refuses_nothing():
    assert what_password_holds("river lamp orbit canoe", Context()) == []


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18.0 Safari/605", ("Safari", "Mac")),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 SamsungBrowser/28 Chrome/130",
            ("Samsung Internet", "Android"),
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 CriOS/140 Safari/604", ("Chrome", "iPhone")),
        ("Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537 Chrome/140.0 Safari/537", ("Chrome", "Chromebook")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", ("Firefox", "Linux")),
        ("curl/8.1", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_device_is_named_by_a_few_families(agent, device):
    assert device_of(agent) == device


@pytest.mark.parametrize(
    ("address", "coarse"),
    [
        ("203.0.113.77", "203.0.113.x"),
        ("2001:db8:12:34::56", "2001:db8:12:x"),
        ("::1", "0:0:0:x"),
        ("::ffff:203.0.113.77", "203.0.113.x"),
        (None, ""),
        ("nonsense", ""),
    ],
)
def test_an_address_is_shown_without_what_names_one_machine(address, coarse):
    assert coarse_address(address) == coarse
