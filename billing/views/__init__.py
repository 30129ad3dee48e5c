"""What a member sees of what is owed: the pages, the documents, the words and rows on them; and the cases about it."""

from billing.views.cases import attachment, case, case_list, new_case, report
from billing.views.hardship import ask_plan, ask_waiver, cannot_pay
from billing.views.pages import bill, overview
from billing.views.statements import archive, statement, statements, summary, year

__all__ = [
    "archive",
    "ask_plan",
    "ask_waiver",
    "attachment",
    "bill",
    "cannot_pay",
    "case",
    "case_list",
    "new_case",
    "overview",
    "report",
    "statement",
    "statements",
    "summary",
    "year",
]
