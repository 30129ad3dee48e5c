"""Notices about rules: staff write them, look at them as members will, count whom they reach, confirm, send."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from accounts import services
from accounts.admin.watching import Watched
from accounts.models import Member, PolicyNotice, PolicyText
from accounts.tasks import send_policy_notices
from portal.shared import audit
from portal.shared.middleware import address_of
from portal.shared.tasks import after_commit


class ConfirmForm(forms.Form):
    """The number of members, typed: nobody sends to thousands by a slip."""

    number = forms.IntegerField(label="Type how many members it goes to", min_value=1)


class NoticeForm(forms.ModelForm):
    """A notice with the coverage types that the roster has."""

    class Meta:
        model = PolicyNotice
        fields = ["title", "coverage_type"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "coverage_type" in self.fields:
            known = Member.objects.order_by("coverage_type").values_list("coverage_type", flat=True).distinct()
            choices = [("", "all members"), *((name, name) for name in known)]
            self.fields["coverage_type"] = forms.ChoiceField(choices=choices, required=False)


class TextForm(forms.ModelForm):
    """What a notice says in one of the portal's languages."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, initial="en")

    class Meta:
        model = PolicyText
        fields = ["language", "subject", "body"]


class TextFormSet(BaseInlineFormSet):
    """Asks for an English text."""

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        if not any(facts.get("language") == "en" and not facts.get("DELETE") for facts in kept):
            raise forms.ValidationError("An English text is needed: whoever reads another language may get it.")


class TextInline(admin.StackedInline):
    """The texts of a notice, one a language."""

    model = PolicyText
    form = TextForm
    formset = TextFormSet
    extra = 0
    min_num = 1

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and request.user.has_perm("accounts.add_policynotice")

    has_change_permission = has_delete_permission = has_add_permission

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.view_policynotice"))


@admin.register(PolicyNotice)
class PolicyNoticeAdmin(Watched, admin.ModelAdmin):
    """Drafts can be changed; what was sent is history."""

    form = NoticeForm
    inlines = [TextInline]
    list_display = ["title", "coverage_type", "status", "members_count", "written_by", "sent_by", "started_at"]
    list_filter = ["status"]
    list_select_related = ["written_by", "sent_by"]
    change_form_template = "admin/policy_notice.html"
    facts = ["status", "members_count", "written_by", "written_at", "sent_by", "started_at", "ended_at"]
    fields = ["title", "coverage_type", *facts]
    readonly_fields = facts

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.add_policynotice"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and self.has_add_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.written_by = request.user
        super().save_model(request, obj, form, change)
        act = "change_policy_notice" if change else "write_policy_notice"
        audit.record(act, obj, actor=request.user, address=address_of(request), fields=form.changed_data)

    def get_urls(self) -> list[URLPattern]:
        send = path("<int:pk>/send/", self.admin_site.admin_view(self.send), name="accounts_policynotice_send")
        return [send, *super().get_urls()]

    def send(self, request: HttpRequest, pk: int) -> HttpResponse:
        """First the preview and the count; then a second page that asks for the number; then it goes out."""
        notice = PolicyNotice.objects.filter(pk=pk).first()
        if notice is None:
            raise Http404
        if not request.user.has_perm("accounts.send_policynotice"):
            raise PermissionDenied
        form = ConfirmForm(request.POST if "number" in request.POST else None)
        if form.is_valid() and self._sent(request, notice, form.cleaned_data["number"]):
            return redirect("admin:accounts_policynotice_change", pk)
        context = self.admin_site.each_context(request) | {"notice": notice, "opts": self.opts, "form": form}
        context |= {"title": "Send a notice", "is_confirming": request.method == "POST"}
        try:
            context["previews"] = [(name, services.render(notice, code)) for code, name in settings.LANGUAGES]
            context["audience"] = services.audience_of(notice)
        except services.NotReady as reason:
            messages.error(request, str(reason))
            return redirect("admin:accounts_policynotice_change", pk)
        return TemplateResponse(request, "admin/send_policy_notice.html", context)

    def _sent(self, request: HttpRequest, notice: PolicyNotice, number: int) -> bool:
        try:
            services.approve(notice=notice, actor=request.user, expected=number, address=address_of(request))
        except services.NotReady as reason:
            messages.error(request, str(reason))
            return False
        after_commit(send_policy_notices)
        messages.success(request, f"On its way to {number} members.")
        return True


def _is_draft(notice: PolicyNotice | None) -> bool:
    return notice is None or notice.status == PolicyNotice.Status.DRAFT
