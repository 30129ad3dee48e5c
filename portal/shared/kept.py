"""What someone had typed when the session ended: kept for an hour, and shown in its form again to the same person.

It lies in the cache under a random name that only the session of this browser knows, with the person and the page it
is for. Whoever else logs in there never sees it. What may be a secret is not kept at all.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.forms import BaseForm, Field
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.crypto import get_random_string

log = logging.getLogger(__name__)
SECONDS = 3600
LONGEST = 32_000  # characters in all
SECRET = re.compile(r"passw|token|secret|csrf|card|cvc|routing|otp|pin$|(?<!zip_)code", re.I)  # names of fields
KEY = "kept_form"
_typed: ContextVar[QueryDict | None] = ContextVar("typed", default=None)


def keep(session: SessionBase, *, user_id: str, page: str, typed: QueryDict) -> bool:
    """Keep what was typed for this person and this page (a path); return whether there was anything to keep.

    A cache that does not answer loses it and fails nothing else.
    """
    fields = {name: values for name, values in typed.lists() if any(values) and not SECRET.search(name)}
    if not fields or len(json.dumps(fields)) > LONGEST:
        return False
    place = f"kept-form-{get_random_string(32)}"
    try:
        cache.set(place, fields, SECONDS)
    except Exception as error:  # whatever the cache did, the way to log-in stays open
        log.warning("what was typed is not kept: %s", type(error).__name__)
        return False
    session[KEY] = {"place": place, "user": user_id, "page": page}
    return True


def forget(session: SessionBase, *, unless_of: str = "") -> None:
    """Throw away what is kept; with `unless_of` only if it is another person's."""
    kept = session.get(KEY)
    if kept and kept["user"] != unless_of:
        cache.delete(kept["place"])
        del session[KEY]


def find(session: SessionBase, *, user_id: str, page: str) -> QueryDict | None:
    """Return what this person had typed on this page within the hour."""
    kept = session.get(KEY)
    if not kept or (kept["user"], kept["page"]) != (user_id, page):
        return None
    typed = QueryDict(mutable=True)
    for name, values in (cache.get(kept["place"]) or {}).items():
        typed.setlist(name, values)
    return typed or None


@contextmanager
def shown(typed: QueryDict | None) -> Iterator[None]:
    """Let the forms that are made within show what was typed."""
    token = _typed.set(typed)
    try:
        yield
    finally:
        _typed.reset(token)


def is_refilled(form: BaseForm) -> bool:
    """Return whether the form, which nobody sent yet, is the one in which something was typed before."""
    typed = _typed.get()
    if typed is None or form.is_bound:
        return False
    names = [form.add_prefix(name) for name, field in form.fields.items() if _may_show(field)]
    return any(key == name or key.startswith(f"{name}_") for name in names for key in typed)


def _may_show(field: Field) -> bool:
    return not field.widget.is_hidden and getattr(field.widget, "input_type", "") != "password"


class RefilledField(BoundField):
    """A field that shows what was typed before the session ended; hidden and password fields never do."""

    def value(self) -> Any:
        typed, widget = _typed.get(), self.field.widget
        if typed is None or not (_may_show(self.field) and is_refilled(self.form)):
            return super().value()
        if widget.value_omitted_from_data(typed, {}, self.html_name):
            return super().value()
        data = widget.value_from_datadict(typed, {}, self.html_name)
        return self.field.prepare_value(self.field.bound_data(data, self.initial))


class FormRenderer(TemplatesSetting):
    """Django's own, with fields that can be filled again."""

    bound_field_class = RefilledField
