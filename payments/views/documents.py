"""Receipt and bank authorization as PDF, made from the facts that their pages show."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from payments import authorizations, money_back, receipts, selectors
from payments.models import AutopayEnrollment, Payment
from payments.states import Status
from payments.views.finding import member_of, payment_of
from portal.shared import pdf
from portal.shared.pdf import Document, framed
from portal.shared.references import spaced


@require_safe
def receipt_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt to keep. A payment that was never paid has none."""
    payment = payment_of(request, reference)
    if not hasattr(payment, "receipt"):
        raise Http404
    return pdf.answer(request, _receipt(payment, selectors.proof_code_of(payment)))


@require_safe
def authorization_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """What the member agreed to before the bank was asked, to keep. A card payment has none."""
    payment = payment_of(request, reference)
    records = selectors.authorizations_of(payment)
    if not records:
        raise Http404
    return pdf.answer(request, authorizations.of_payment(payment, records))


@require_safe
def agreement_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """What this very log-in agreed to with an autopay that is on or ended, to keep. Someone else's is not found."""
    try:
        enrollment = selectors.autopay_agreed_by(member_of(request), reference)
    except AutopayEnrollment.DoesNotExist as error:
        raise Http404 from error
    return pdf.answer(request, authorizations.of_autopay(enrollment))


def proof_address(code: str) -> str:
    """Return the whole address at which a code shows its payment."""
    return f"{settings.SITE_URL}{reverse('proof:show', args=[code])}"


def _receipt(payment: Payment, code: str) -> Document:
    stands = payment.status == Status.PAID and not money_back.is_refunded(payment)
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    pays = [(_("Pays"), part.text) for part in receipts.split_rows(receipts.split_of(payment))] if stands else []
    data = framed(
        title=_("Receipt") if stands else _("Record of a payment"),
        foot=spaced(payment.reference),
        lead=[_("This is how the payment stood on %(day)s.") % {"day": day}],
        facts=[*receipts.page_facts(payment), *pays],
        parts=[
            {"title": title, "steps": [[step["label"], step["date_text"], step["note"]] for step in steps]}
            for title, steps in (
                (_("What happened after it was paid"), money_back.rows(payment)),
                (_("What happens when"), receipts.timeline(payment)),
            )
            if steps
        ],
        proof_title=_("Check that this payment is real"),
        proof=_proof(code) if code else [],
        proof_facts=[(_("Code"), spaced(code)), (_("Address"), proof_address(code))] if code else [],
    )
    return Document(f"receipt-{payment.reference}", "receipt", data)


def _proof(code: str) -> list[str]:
    return [
        _(
            "Anyone who has this code can see the amount, the date and how the payment stands today, and nothing "
            "about you. You can end the code on the page of this payment."
        )
    ]
