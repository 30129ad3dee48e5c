"""What a member may type on the way to a payment."""

from payments.forms.account import AccountForm, FindForm
from payments.forms.autopay import EnrollForm, MoveForm, seal_wish, unseal_wish
from payments.forms.deposits import DepositAmountsForm, DepositCodeForm
from payments.forms.history import HistoryForm
from payments.forms.missing import MissingPaymentForm, NumberForm
from payments.forms.paying import NewPaymentForm, Shown, seal, unseal
from payments.forms.proving import ProofForm

__all__ = [
    "AccountForm",
    "DepositAmountsForm",
    "DepositCodeForm",
    "EnrollForm",
    "FindForm",
    "HistoryForm",
    "MissingPaymentForm",
    "MoveForm",
    "NewPaymentForm",
    "NumberForm",
    "ProofForm",
    "Shown",
    "seal",
    "seal_wish",
    "unseal",
    "unseal_wish",
]
