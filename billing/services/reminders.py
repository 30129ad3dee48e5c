"""Reminders before and after the due date: who gets which today, each once, and whether it is still true in the end."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet
from tqdm import tqdm

from accounts.models import Kind, User
from accounts.models.notifying import DAYS_BEFORE
from accounts.notices import unsubscribe_url
from accounts.selectors import Reader, readers, users_to_remind
from billing import notices, rules, selectors
from billing.selectors import OwedBill
from portal.shared import messages, texting
from portal.shared.models import OutgoingMessage

CHUNK = 500  # log-ins looked at together, whose reminders are queued in one statement for the sweep to deliver
Words = dict[tuple[str, date, bool], tuple[OutgoingMessage, OutgoingMessage]]
# What else takes care of bills, from the rooms above: each returns those of the bills that need no reminder.
taken_care_of: list[Callable[[Collection[int], date], set[int]]] = []


@dataclass(frozen=True)
class Reminder:
    """One reminder that is to go out: row numbers, the channel, and the days before the due date (below 0: after)."""

    household: int
    user: int
    bill: int
    channel: str
    when: int

    @property
    def key(self) -> str:
        """What makes it go out once."""
        return f"reminder:{self.bill}:{self.when}:{self.channel}:{self.user}"


@dataclass
class Run:
    """What one run queued, or would queue."""

    reminders: list[Reminder] = field(default_factory=list)
    errors: int = 0


def send_reminders(today: date, *, dry_run: bool = False) -> Run:
    """Queue the reminders of an Eastern day that were not queued yet. Safe to run twice, or twice at once."""
    run, users, words = Run(), users_to_remind().order_by("pk"), Words()
    with tqdm(total=users.count(), unit="log-in", leave=False, disable=None) as bar:
        last = 0
        while chunk := list(users.filter(pk__gt=last)[:CHUNK]):
            last = chunk[-1].pk
            found, queue = _reminders(User.objects.filter(pk__in=[user.pk for user in chunk]), today, words)
            if not dry_run:
                messages.queue_many(queue)
            run.reminders += found
            bar.update(len(chunk))
    return run


def is_still_due(*, bill_id: int, user_id: int, when: int, channel: str, today: date) -> bool:
    """Return whether a reminder that was queued is true and wanted now, just before it goes out."""
    reader = next(iter(readers(User.objects.filter(pk=user_id))), None)
    if reader is None or channel not in _channels(reader):
        return False
    bill = next((bill for bill in _bills({reader.household_id}, today) if bill.pk == bill_id), None)
    return bill is not None and (when < 0 or bill.due_on >= today)


def _reminders(users: QuerySet[User], today: date, words: Words) -> tuple[list[Reminder], list[OutgoingMessage]]:
    """Return what these log-ins are to get and did not get yet, and the messages of it."""
    found = {reader.user.pk: reader for reader in readers(users)}
    bills = _bills({reader.household_id for reader in found.values()}, today)
    wanted = {one.key: (one, bill) for reader in found.values() for one, bill in _wanted(reader, bills, today)}
    new = [wanted[key] for key in wanted.keys() - messages.known_keys(wanted.keys())]
    queue = [_message(one, found[one.user], bill.due_on, words) for one, bill in new]
    return [one for one, _ in new], queue


def _message(reminder: Reminder, reader: Reader, due_on: date, words: Words) -> OutgoingMessage:
    kind = (reader.user.language, due_on, reminder.when < 0)
    if kind not in words:
        words[kind] = notices.reminder(kind[0], due_on, is_late=kind[2])
    email, text = words[kind]
    about = {"bill": reminder.bill, "user": reminder.user, "when": reminder.when}
    if reminder.channel == "text" and reader.consent:
        about["consent"] = reader.consent.pk
        return messages.copy(text, key=reminder.key, to=reader.consent.number, about=about)
    stop = unsubscribe_url(reminder.user)
    return messages.copy(email, key=reminder.key, to=reader.user.email, about=about, unsubscribe_url=stop)


def _wanted(reader: Reader, bills: Collection[OwedBill], today: date) -> Iterator[tuple[Reminder, OwedBill]]:
    for bill in bills:
        if bill.household_id != reader.household_id:
            continue
        when = rules.reminder_on(today, due_on=bill.due_on, days_before=reader.preferences.days_before)
        if when is None:
            continue
        for channel in _channels(reader):
            yield Reminder(bill.household_id, reader.user.pk, bill.pk, channel, when), bill


def _channels(reader: Reader) -> list[str]:
    by_text = texting.is_offered() and reader.hears_by_text(Kind.REMINDER)
    chosen = {"email": reader.hears_by_email(Kind.REMINDER), "text": by_text}
    return [channel for channel, is_chosen in chosen.items() if is_chosen]


def _bills(household_ids: Collection[int], today: date) -> list[OwedBill]:
    """Return the bills that someone may be reminded of: to be paid, undisputed, and nobody else's care."""
    first = today - timedelta(days=rules.AFTER_DAYS + rules.LATE_BY)
    last = today + timedelta(days=max(DAYS_BEFORE))
    bills = list(selectors.bills_unpaid(household_ids, first=first, last=last))
    numbers = [bill.pk for bill in bills]
    silent = selectors.bills_in_question(numbers).union(*(asked(numbers, today) for asked in taken_care_of))
    return [bill for bill in bills if bill.pk not in silent]
