"""What a member authorizes before money is taken: its words, and what was agreed to as a paper to keep."""

from payments.authorizations.papers import of_autopay, of_payment
from payments.authorizations.words import VERSION, recurring_text, text_for

__all__ = ["VERSION", "of_autopay", "of_payment", "recurring_text", "text_for"]
