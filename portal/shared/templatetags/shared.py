"""Amounts and references as a member reads them, the way to a page, and legal text beside its English."""

import re

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.defaultfilters import linebreaks_filter
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.shared import kept, legal, money, references

register = template.Library()
register.filter("usd", money.usd)
register.filter("spaced", references.spaced)
register.filter("is_refilled", kept.is_refilled)
register.filter("apart", legal.apart)


@register.filter
def as_paragraphs(text: str) -> SafeString:
    """Return what was agreed to as HTML of an email; its English, where it stands beside it, is marked as such."""
    own, english = legal.apart(text)
    beside = format_html('<div lang="en" dir="ltr">{}</div>', linebreaks_filter(english)) if english else ""
    return format_html("{}{}", linebreaks_filter(own), beside)


@register.filter
def phone_link(number: str) -> SafeString:
    """Return a telephone number that a phone can call, for use within a sentence: '(800) 555-0100'."""
    digits = re.sub(r"[^\d+]", "", number)
    return format_html('<a class="ma__nowrap" href="tel:{}">{}</a>', digits, number)


@register.simple_block_tag
def breadcrumbs(content: str) -> SafeString:
    """Frame the way to a page as navigation; a page that names none gets no frame either."""
    frame = '<nav class="ma__breadcrumbs ma__container" aria-label="{}"><ol>{}</ol></nav>'
    return format_html(frame, _("You are here"), content) if content.strip() else SafeString()


@register.tag("legal")
def legal_text(parser: Parser, token: Token) -> "LegalNode":
    """Frame text that binds someone: `{% legal %}...{% endlegal %}`. No ids within: it may stand twice."""
    nodes = parser.parse(("endlegal",))
    parser.delete_first_token()
    return LegalNode(nodes)


class LegalNode(template.Node):
    """What stands within; in an unreviewed language with the sentence on which text counts, and the English."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        own = self.nodelist.render(context)
        if not legal.is_unreviewed():
            return own
        counts = legal.which_counts()
        with translation.override("en"):
            english = self.nodelist.render(context)
        return format_html('{}<p><strong>{}</strong></p><div lang="en" dir="ltr">{}</div>', own, counts, english)
