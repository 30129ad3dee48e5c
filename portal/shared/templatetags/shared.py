"""Amounts and references as a member reads them, and the way to a page."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.shared import kept, money, references

register = template.Library()
register.filter("usd", money.usd)
register.filter("spaced", references.spaced)
register.filter("is_refilled", kept.is_refilled)


@register.simple_block_tag
def breadcrumbs(content: str) -> SafeString:
    """Frame the way to a page as navigation; a page that names none gets no frame either."""
    frame = '<nav class="ma__breadcrumbs ma__container" aria-label="{}"><ol>{}</ol></nav>'
    return format_html(frame, _("You are here"), content) if content.strip() else SafeString()
