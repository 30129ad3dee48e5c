"""What was agreed to as a document: the words as they were shown, and when, from where and in which language."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from payments import receipts
from payments.models import Authorization, AutopayAgreement, AutopayEnrollment, Payment
from portal.shared import legal
from portal.shared.pdf import Document, framed, tongue
from portal.shared.references import spaced


def of_payment(payment: Payment, records: Sequence[Authorization]) -> Document:
    """Return all that was agreed to for a payment, the one in force first."""
    data = framed(
        title=_("What you authorized"),
        foot=spaced(payment.reference),
        again_title=_("What you agreed to before that"),
        again=_("You sent this payment more than once. The text above counts."),
        facts=receipts.facts(payment),
        records=[_record(record) for record in records],
    )
    return Document(f"authorization-{payment.reference}", "authorization", data)


def of_autopay(enrollment: AutopayEnrollment) -> Document:
    """Return what was agreed to with an autopay that is on, or that ended."""
    data = framed(
        title=_("What you agreed to"),
        foot=_("Autopay"),
        facts=[*receipts.autopay_facts(enrollment), *receipts.end_facts(enrollment)],
        records=[_record(enrollment.agreement)],
    )
    return Document(f"autopay-{enrollment.reference}", "authorization", data)


def _record(record: Authorization | AutopayAgreement) -> dict[str, Any]:
    moment = date_format(timezone.localtime(record.accepted_at), "DATETIME_FORMAT")
    facts = [
        (_("Authorized on"), _("%(moment)s (Eastern time)") % {"moment": moment}),
        (_("From internet address"), record.address or "-"),
        (_("With browser"), record.user_agent or "-"),
        (_("Language"), record.language_name),
        (_("Version of this text"), record.version),
    ]
    own, english = legal.apart(record.text)
    parts = [(record.language, own), ("en", english)] if english else [(record.language, own)]
    texts = [{**tongue(language), "paragraphs": text.split("\n\n")} for language, text in parts]
    return {"texts": texts, "facts": facts}
