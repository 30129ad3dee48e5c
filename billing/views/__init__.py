"""What a member sees of what is owed: the pages, and the words and rows on them."""

from billing.views.pages import bill, cannot_pay, overview

__all__ = ["bill", "cannot_pay", "overview"]
