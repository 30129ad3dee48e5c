"""What a member sees of what is owed: the pages, the documents, and the words and rows on them."""

from billing.views.pages import bill, cannot_pay, overview
from billing.views.statements import archive, statement, statements, summary, year

__all__ = ["archive", "bill", "cannot_pay", "overview", "statement", "statements", "summary", "year"]
