"""Cases as staff see them: who asks what, the conversation with its files, and the named acts of answering."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.admin import Watched, page_of_one
from billing import services
from billing.forms import KeyField
from billing.forms.requests import GROUNDS
from billing.models import Case, CaseAttachment, CaseMessage
from portal.shared import audit
from portal.shared.files import as_download
from portal.shared.middleware import address_of
from portal.shared.money import usd
from portal.shared.references import clean_reference

ACTS = {
    "reply": ("Reply", Case.Status.ANSWERED, "The case becomes answered; the member may write again."),
    "ask": (
        "Ask the member",
        Case.Status.WAITING,
        "The case waits for the member; reminders of its bills stay paused.",
    ),
    "close": ("Reply and close", Case.Status.CLOSED, "The case is closed. The member may open it again for some days."),
}


class ReplyForm(forms.Form):
    """What the member reads."""

    text = forms.CharField(
        max_length=4000,
        widget=forms.Textarea({"rows": 8, "cols": 80}),
        label="Message to the member",
        help_text="The member reads this after log-in. The email only says that there is something to read.",
        error_messages={"required": "Write something to the member."},
    )
    form_key = KeyField()


class MessageInline(Watched, admin.StackedInline):
    """What was said, oldest first, with its files."""

    model = CaseMessage
    fields = readonly_fields = ("author", "is_staff", "created_at", "words", "files")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseMessage]:
        return super().get_queryset(request).select_related("author").prefetch_related("attachments")

    @admin.display(description="message")
    def words(self, message: CaseMessage) -> SafeString | str:
        return format_html_join("", "{}<br>", ((line,) for line in message.text.splitlines())) or "-"

    @admin.display
    def files(self, message: CaseMessage) -> SafeString | str:
        rows = (
            (reverse("admin:billing_case_file", args=[file.pk]), file.get_content_type_display(), file.size)
            for file in message.attachments.all()
        )
        return format_html_join("", '<a href="{}">{}, {} bytes</a><br>', rows) or "-"


@admin.register(Case)
class CaseAdmin(Watched, admin.ModelAdmin):
    """Find a case by its number, its household or a bill; answer it."""

    list_display = ["number", "kind", "status", "household_number", "opened_by", "created_at", "changed_at"]
    list_filter = ["status", "kind", "place", "created_at"]
    list_select_related = ["household", "opened_by"]
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["=number", "=household__number", "=payment_reference", "=bills__number"]
    search_help_text = "Case number, household number, confirmation number or bill number"
    actions = list(ACTS)
    fields = readonly_fields = (
        *("number", "kind", "status", "household_number", "opened_by", "place", "about_bills", "line"),
        *("payment_reference", "ticked", "asked_plan", "created_at", "changed_at", "closed_at"),
    )
    inlines = [MessageInline]

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, clean_reference(search_term) or search_term.strip())

    def page_actions(self, subject: Case) -> list[str]:
        return list(ACTS)

    def has_answer_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.answer_case"))

    def get_urls(self) -> list[URLPattern]:
        file = path("files/<int:pk>/", self.admin_site.admin_view(self.file_view), name="billing_case_file")
        return [file, *super().get_urls()]

    def file_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """Hand a file to permitted staff, as a download; everyone else hears that there is none."""
        if not request.user.has_perm("billing.view_caseattachment"):
            raise Http404
        attachment = get_object_or_404(CaseAttachment.objects.select_related("message__case"), pk=pk)
        audit.record(
            "download_attachment",
            attachment.message.case,
            actor=request.user,
            address=address_of(request),
            file=attachment.reference,
        )
        try:
            return as_download(services.opened_attachment(attachment), attachment.neutral_name)
        except FileNotFoundError as error:
            raise Http404 from error

    @admin.display(description="household", ordering="household__number")
    def household_number(self, case: Case) -> str:
        return case.household.number

    @admin.display(description="bills")
    def about_bills(self, case: Case) -> SafeString | str:
        rows = ((reverse("admin:billing_bill_change", args=[bill.pk]), bill.number) for bill in case.bills.all())
        return format_html_join(", ", '<a href="{}">{}</a>', rows) or "-"

    @admin.display(description="grounds that the member ticked")
    def ticked(self, case: Case) -> str:
        return "; ".join(str(GROUNDS.get(key, key)) for key in case.grounds) or "-"

    @admin.display(description="payment plan that the member asks for")
    def asked_plan(self, case: Case) -> SafeString | str:
        return format_html_join("", "{}: {}<br>", ((day, usd(cents)) for day, cents in case.plan)) or "-"

    @admin.action(description="Reply", permissions=["answer"])
    def reply(self, request: HttpRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        """Answer one case."""
        return self._act(request, queryset, "reply")

    @admin.action(description="Ask the member", permissions=["answer"])
    def ask(self, request: HttpRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        """Ask the member of one case for something."""
        return self._act(request, queryset, "ask")

    @admin.action(description="Reply and close", permissions=["answer"])
    def close(self, request: HttpRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        """Answer one case for the last time."""
        return self._act(request, queryset, "close")

    def _act(self, request: HttpRequest, queryset: QuerySet[Case], act: str) -> HttpResponse | None:
        if not self.has_answer_permission(request):
            raise PermissionDenied
        cases = list(queryset.select_related("household")[:2])
        if len(cases) != 1:
            self.message_user(request, "Choose one case: each gets an answer of its own.", messages.WARNING)
            return None
        title, status, effect = ACTS[act]
        form = ReplyForm(request.POST if "text" in request.POST else None)
        if not form.is_valid():
            context = self.admin_site.each_context(request) | {"title": title, "form": form, "opts": self.opts}
            context |= {"case": cases[0], "act": act, "effect": effect}
            return TemplateResponse(request, "admin/answer_case.html", context)
        services.reply_to_case(
            request.user,  # type: ignore[arg-type]  # admin lets no one else in
            cases[0],
            text=form.cleaned_data["text"],
            status=status,
            form_key=form.cleaned_data["form_key"],
            address=address_of(request),
        )
        self.message_user(request, "The member gets an email that there is something to read.", messages.SUCCESS)
        return page_of_one(queryset)
