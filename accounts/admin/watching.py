"""What every page of one row in admin does: it leaves an audit entry, shows those before it, and offers its acts."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.shared import audit
from portal.shared.middleware import address_of
from portal.shared.models import AuditEntry

LONGEST_NUMBER = 19  # digits of the largest number that a row can have
SHOWN = 30  # acts on one page; the list has all


class ReadOnly:
    """Nobody adds, changes or deletes rows here. Before ModelAdmin among the bases."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the list; an address with a letter that the database cannot hold leads to the whole of it."""
        if any("\0" in value for _, values in request.GET.lists() for value in values):
            return redirect(request.path)
        return super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]  # a mixin: ModelAdmin has it


class Watched(ReadOnly):
    """Opening one row leaves an audit entry and shows what was done with it; changes are for subclasses."""

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Do what was chosen with the rows that were ticked; numbers that no row can have are said to be none."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if all(one.isascii() and one.isdigit() and len(one) < LONGEST_NUMBER for one in ticked):
            return super().response_action(request, *args, **kwargs)  # type: ignore[misc]  # as above
        messages.error(request, "These are no rows of this list. Nothing was done.")
        return redirect(request.get_full_path())

    def page_actions(self, subject: Any) -> list[str]:
        """Name the actions of the list that the row's own page offers as buttons."""
        return []

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        subject: Model | None = kwargs.get("obj")
        if subject is not None:
            context |= self._beside(request, subject)
        if subject is not None and request.method == "GET":
            name = f"view_{subject._meta.model_name}"
            audit.record(name, subject, actor=request.user, address=address_of(request))
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]  # a mixin: ModelAdmin has it

    def _beside(self, request: HttpRequest, subject: Model) -> dict[str, Any]:
        """Return the buttons, and the acts that someone answers for, where the viewer may see them."""
        actions = self.get_actions(request)  # type: ignore[attr-defined]  # as above
        facts: dict[str, Any] = {
            "page_actions": [(name, actions[name][2]) for name in self.page_actions(subject) if name in actions]
        }
        if request.user.has_perm("shared.view_auditentry"):
            about = {"subject_type": subject._meta.label_lower, "subject_id": str(subject.pk)}
            acts = AuditEntry.objects.filter(**about).exclude(action__startswith="view_").select_related("actor")
            facts |= {"audit_entries": acts.order_by("-at")[:SHOWN], "audit_about": urlencode(about)}
        return facts


def page_of_one(queryset: QuerySet[Any]) -> HttpResponse | None:
    """Lead from an action back to the row's page when it was done with one row; None leaves the list."""
    rows = list(queryset[:2])
    if len(rows) != 1:
        return None
    meta = rows[0]._meta
    return redirect(f"admin:{meta.app_label}_{meta.model_name}_change", rows[0].pk)
