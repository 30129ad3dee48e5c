"""Which passwords may be chosen, and how they are kept."""

from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from accounts.models import Member, User
from portal.demo import people
from tests import factories

OWNER = User(
    username="rivergoat",
    member=Member(first_name="Zuzanna", last_name="Li", masshealth_id="900000000042", date_of_birth=date(1970, 4, 27)),
)


@pytest.mark.parametrize(
    "password",
    [
        "river lamp orbit canoe",
        "r" + "iver lamp orbit canoe" * 6,
        "пять коротких слов вместе",
        "河流 灯 轨道 独木舟 五个短词语言",
        "  spaces count too  ",
        "🙂 river lamp orbit",
    ],
)
def test_long_phrases_of_any_characters_are_taken(password):
    validate_password(password, OWNER)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "password_too_short"),
        ("x river lamp orbit canoe" * 6, "password_too_long"),
        ("passwordpassword", "password_too_common"),
        ("password12345678", "password_too_common"),
        ("iloveyou iloveyou", "password_too_common"),
        ("111111111111111111", "password_too_common"),
        ("qwertyuiopasdfghjkl", "password_too_common"),
        ("passwordpassword1", "password_too_common"),
        ("letmeinletmein123", "password_too_common"),
        ("Passw0rd!Passw0rd!", "password_too_common"),
        ("P@$$w0rd123P@$$w0rd123", "password_too_common"),
        ("passwordletmein12", "password_too_common"),
        ("thequickbrownfox", "password_too_common"),
        ("Correct Horse Battery Staple 7", "password_too_common"),
        ("four short words work well", "password_too_common"),
        ("that only you would put together", "password_too_common"),
        ("my rivergoat eats grass", "holds_username"),
        ("zuzanna loves the lake", "holds_name"),
        ("id 9000 0000 0042 is it", "holds_masshealth_id"),
        ("lamp orbit 4/27/1970", "holds_birth_date"),
        ("masshealth lamp orbit", "holds_site_words"),
        ("masshealth2026!!", "holds_site_words"),
    ],
)
def test_passwords_that_are_guessed_first_are_refused_with_the_reason(password, code):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, OWNER)
    assert code in [error.code for error in refused.value.error_list]


def test_our_own_examples_are_words_that_may_be_chosen():
    for password in (people.PASSWORD, factories.PASSWORD):
        for person in people.MEMBERS:
            born = date.fromisoformat(person[4])
            member = Member(masshealth_id=person[1], first_name=person[2], last_name=person[3], date_of_birth=born)
            validate_password(password, User(username=person[2].lower(), member=member))


def test_two_common_words_are_too_few_and_four_are_enough():
    with pytest.raises(ValidationError):
        validate_password("butterfly rainbow", OWNER)
    validate_password("butterfly rainbow horse battery", OWNER)


def test_exactly_15_and_128_characters_are_taken():
    validate_password("rIver lamp orb7")
    validate_password(("river lamp orbit canoe " * 6)[:128])


def test_the_same_password_from_another_keyboard_is_the_same_password():
    user = User()
    user.set_password("caf\u00e9 river lamp \ufb01ne")
    assert user.check_password("cafe\u0301 river lamp fine")
    assert not user.check_password("CAFÉ river lamp fine")


def test_nothing_is_cut_off_or_trimmed():
    user = User()
    user.set_password("x" * 127 + "y")
    assert not user.check_password("x" * 127 + "z")
    user.set_password(" river lamp ")
    assert not user.check_password("river lamp")


def test_in_earnest_passwords_are_hashed_with_argon2():
    from portal.settings import base

    assert base.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS):
        user = User()
        user.set_password("river lamp orbit canoe")
        assert user.password.startswith("argon2$argon2id$")
    assert settings.AUTH_PASSWORD_VALIDATORS == base.AUTH_PASSWORD_VALIDATORS


def test_a_user_without_a_password_has_none():
    user = User()
    user.set_password(None)
    assert not user.has_usable_password()
    assert not user.check_password("")
