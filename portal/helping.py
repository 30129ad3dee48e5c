"""The help center: one short page a question, a list of them all, and a search through them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from payments.rules import bank_dates
from portal.shared.tasks import KEEP_BODIES

LONGEST_QUESTION = 100  # characters of a search that are looked at
SHORTEST_WORD = 3  # letters; shorter ones ("my", "is") are in every text
WORD = re.compile(r"\w+")
HAN = re.compile("[\u3400-\u9fff]")
IN_TITLE, IN_OTHER_WORDS, IN_TEXT = 8, 4, 1  # what a word found there counts


@dataclass(frozen=True)
class Topic:
    """One question: its answer is templates/help/answers/<slug>.html, a short one stands in the list."""

    slug: str
    title: str | Promise
    short: str | Promise
    other_words: str | Promise  # what people type who mean this, found by the search alone
    has_own_page: bool = False  # a page of portal/rights.py stands at its address, and no answer file

    @property
    def template(self) -> str:
        return f"help/answers/{self.slug}.html"


TOPICS = (
    Topic(
        "register",
        _("Register for the first time"),
        _("You need your MassHealth ID, your date of birth and your own email address."),
        pgettext_lazy("search words", "sign up, create account, new user, member number, card"),
    ),
    Topic(
        "log-in",
        _("I cannot log in, or my account is locked"),
        _("After %(tries)s wrong passwords in a row an account is locked. See how to open it again."),
        pgettext_lazy("search words", "sign in, locked out, blocked, wrong password, unlock"),
    ),
    Topic(
        "password",
        _("I forgot my password or my username"),
        _("Ask for it by email. If we can text you, ask for a code instead."),
        pgettext_lazy("search words", "reset, lost, user name, new password, link"),
    ),
    Topic(
        "payment",
        _("I paid, but I do not see my payment"),
        _("A card payment shows right away. A bank payment of today is expected to be paid by %(expected)s."),
        pgettext_lazy(
            "search words", "missing, not showing, pending, processing, how long, days, late, receipt, proof"
        ),
    ),
    Topic(
        "website",
        _("The website does not work"),
        _("Check your connection. Clear the cache and cookies. Try another browser."),
        pgettext_lazy("search words", "slow, blank, error, loading, cache, cookies, browser, phone, internet"),
    ),
    Topic(
        "bank",
        _("My bank account was not accepted"),
        _("Check the numbers on a check or in your bank's app. A payment that came back is not charged again."),
        pgettext_lazy(
            "search words",
            "returned, rejected, declined, routing number, account number, insufficient funds, closed, bounced",
        ),
    ),
    Topic(
        "letter",
        _("My letter and the bill here differ"),
        _("The bill here is newer than the letter. It shows the payments since then."),
        pgettext_lazy("search words", "notice, mail, different amount, wrong amount, changed"),
    ),
    Topic(
        "cannot-pay",
        _("I can't pay"),
        _("Do not wait. There are ways to get help, and you can pay a part."),
        pgettext_lazy("search words", "hardship, waiver, payment plan, less money, lost job, income, afford"),
    ),
    Topic(
        "real-message",
        _("Is this message really from you?"),
        _("We never ask for your password, a card number or a bank number in a message or on the phone."),
        pgettext_lazy("search words", "phishing, scam, fraud, fake, spam, suspicious email, text, call"),
    ),
    Topic(
        "health-connector",
        _("I have a Health Connector bill"),
        _("You cannot pay it here. The account number on it has 9 digits and starts with 7."),
        pgettext_lazy("search words", "connector, wrong place, insurance, marketplace"),
    ),
    Topic(
        "languages",
        _("Help in your language"),
        _("An interpreter is free. So are letters in large print or braille."),
        pgettext_lazy(
            "search words",
            "interpreter, translation, speak, Spanish, Portuguese, Creole, Chinese, Vietnamese, sign language",
        ),
        has_own_page=True,
    ),
    Topic(
        "rights",
        _("Your rights: no discrimination"),
        _("We treat no one worse. See how to complain if you think that we did."),
        pgettext_lazy("search words", "complaint, grievance, unfair, civil rights, race, disability, equal"),
        has_own_page=True,
    ),
    Topic(
        "accessibility",
        _("Accessibility of this site"),
        _("This site is made to work for everyone. Tell us when something does not."),
        pgettext_lazy(
            "search words", "disability, blind, screen reader, keyboard, large print, contrast, WCAG, deaf, TTY"
        ),
    ),
    Topic(
        "privacy",
        _("What we know about you, and who sees it"),
        _("We keep what the bill needs. We never get your card or bank account number."),
        pgettext_lazy("search words", "data, cookies, personal information, security, delete"),
    ),
    Topic(
        "contact",
        _("Whom to call"),
        _("Call %(phone)s. Ask for an interpreter if you want one. It is free."),
        pgettext_lazy(
            "search words", "phone, number, hours, support, customer service, interpreter, language, talk to a person"
        ),
    ),
)


@require_safe
@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """Every question with its short answer, or those that a search finds, the likeliest first."""
    typed = request.GET.get("q", "").replace("\0", "")[:LONGEST_QUESTION].strip()
    facts = _facts()
    found = _found(typed, facts) if typed else list(TOPICS)
    shown = [{"topic": topic, "short": topic.short % facts} for topic in found or TOPICS]
    return render(request, "help/index.html", {"typed": typed, "found": len(found), "shown": shown})


@require_safe
@login_not_required
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One question and its whole answer. Raises Http404 when there is no such question."""
    for one in TOPICS:
        if one.slug == slug and not one.has_own_page:
            return render(request, "help/topic.html", {"topic": one, "answer": one.template, **_facts()})
    raise Http404


def _facts() -> dict[str, Any]:
    """Return what the answers name: days, limits and phone numbers as they are set today."""
    bank = bank_dates(timezone.now())
    return {
        "bank": bank,
        "expected": date_format(bank.expected_on),
        "tries": settings.LOCKOUT_LIMIT,
        "phone": settings.SUPPORT_PHONE,
        "reset_minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        "reset_lifts_lock": settings.RESET_LIFTS_LOCK,
        "cases_years": settings.CASES_KEPT_YEARS,
        "message_days": KEEP_BODIES.days,
    }


def _found(typed: str, facts: dict[str, Any]) -> list[Topic]:
    words = _words(_plain(typed))
    points = {topic.slug: _points(topic, words, facts) for topic in TOPICS}
    return sorted((topic for topic in TOPICS if points[topic.slug]), key=lambda topic: -points[topic.slug])


def _words(text: str) -> list[str]:
    """Return what to look for: words, and of Chinese, which writes them without spaces, each two signs in a row."""
    found = []
    for word in WORD.findall(text):
        if HAN.search(word):
            found += [word[at : at + 2] for at in range(len(word) - 1)] or [word]
        elif len(word) >= SHORTEST_WORD:
            found.append(word)
    return found


def _points(topic: Topic, words: list[str], facts: dict[str, Any]) -> int:
    title, others = _plain(str(topic.title)), _plain(str(topic.other_words))
    text = "" if topic.has_own_page else _plain(strip_tags(render_to_string(topic.template, facts)))
    return sum(
        IN_TITLE * (word in title) + IN_OTHER_WORDS * (word in others) + IN_TEXT * (word in text) for word in words
    )


def _plain(text: str) -> str:
    """Return a text as the search compares it: without case and accents, the Vietnamese bar of the d among them."""
    split = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in split if not unicodedata.combining(letter))
