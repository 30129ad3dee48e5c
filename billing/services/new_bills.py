"""Telling households of the bills that an import brought, thousands at a time, each once."""

from collections import defaultdict
from datetime import date

from django.db import transaction

from accounts.models import Kind
from accounts.selectors import Reader, readers_of
from billing import notices
from billing.models import Bill
from portal.shared import messages, texting
from portal.shared.models import OutgoingMessage

CHUNK = 500  # bills told of in one transaction
Words = dict[tuple[str, date], tuple[OutgoingMessage, OutgoingMessage]]


def tell_of_new_bills(limit: int = 20) -> int:
    """Queue the messages of the bills that nobody was told of yet, at most `limit` chunks; return how many bills.

    Several may run at once: each takes bills that no other has in hand. A chunk is told of whole or not at all.
    """
    told, words = 0, Words()
    for _ in range(limit):
        count = _tell_some(words)
        told += count
        if count < CHUNK:
            break
    return told


@transaction.atomic
def _tell_some(words: Words) -> int:
    waiting = Bill.objects.select_for_update(skip_locked=True, of=("self",)).filter(notice_due=True)
    bills = list(waiting.order_by("pk")[:CHUNK])
    readers: dict[int, list[Reader]] = defaultdict(list)
    for reader in readers_of({bill.household_id for bill in bills}):
        readers[reader.household_id].append(reader)
    queue = [one for bill in bills for reader in readers[bill.household_id] for one in _messages(bill, reader, words)]
    messages.queue_many(queue)
    Bill.objects.filter(pk__in=[bill.pk for bill in bills]).update(notice_due=False)
    return len(bills)


def _messages(bill: Bill, reader: Reader, words: Words) -> list[OutgoingMessage]:
    kind = (reader.user.language, bill.due_on)
    if kind not in words:
        words[kind] = notices.new_bill(*kind)
    email, text = words[kind]
    made = []
    if reader.hears_by_email(Kind.NEW_BILL):
        key = f"new-bill:{bill.pk}:email:{reader.user.pk}"
        made.append(messages.copy(email, key=key, to=reader.user.email))
    if reader.consent and reader.hears_by_text(Kind.NEW_BILL) and texting.is_offered():
        about = {"consent": reader.consent.pk}
        key = f"new-bill:{bill.pk}:text:{reader.user.pk}"
        made.append(messages.copy(text, key=key, to=reader.consent.number, about=about))
    return made
