"""Proving our books: set against themselves in one snapshot of the database, and, when asked, against the gateway's."""

from payments.books.against_gateway import against_gateway
from payments.books.asking import Disagreement, Rule, within
from payments.books.history import HISTORY
from payments.books.money import MONEY
from payments.books.proof import PROOF
from payments.books.trail import TRAIL

RULES: tuple[Rule, ...] = (*MONEY, *HISTORY, *PROOF, *TRAIL)

__all__ = ["RULES", "Disagreement", "Rule", "against_gateway", "within"]
