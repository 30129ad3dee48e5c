"""How asking a gateway can go wrong.

GatewayError
+-- OutcomeUnknown      the question may have taken effect: ask again for the state, say nothing else
|   +-- InProgress      the same question is being answered at this moment: ask again with the same key
|   +-- KeyReused       the key stands for another question, an error of ours: ask for the state alone
+-- NotDone             a definite answer: nothing was done
    +-- Declined        the bank said no
    +-- TokenUnusable   the confirmation token is expired, used or of another kind
    +-- MethodUnusable  the saved card or account was detached, or its mandate ended
    +-- DepositsDiffer  the small deposits were others than the member says
    +-- Busy            too many questions: ask again later
    +-- NotAllowed      our own credentials are refused: stop taking payments
    +-- Refused         anything else the gateway would not do
NoticeRefused           a call to our webhook that is not the gateway's
"""


class GatewayError(Exception):
    """Something between us and the gateway did not go as asked."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class OutcomeUnknown(GatewayError):
    """No readable answer: the question may or may not have taken effect."""


class InProgress(OutcomeUnknown):
    """The same question, under the same key, is being answered at this moment."""


class KeyReused(OutcomeUnknown):
    """The key stands for another question: an error of ours. Nothing may be sent again under a new key."""


class NotDone(GatewayError):
    """The gateway said that it did not do it."""


class Declined(NotDone):
    """The bank said no. `code` is the gateway's reason, for staff and for choosing our words."""


class TokenUnusable(NotDone):
    """The confirmation token is expired, used, or of another kind than asked."""


class MethodUnusable(NotDone):
    """The saved card or account was detached, or the permission to debit it has ended."""


class DepositsDiffer(NotDone):
    """The small deposits were others than the member says; the member may try again."""


class Busy(NotDone):
    """Too many questions: nothing was done, ask again later."""


class NotAllowed(NotDone):
    """Our key is wrong or may not do this."""


class Refused(NotDone):
    """The gateway would not do it: an error of ours, or an object in another state."""


class NoticeRefused(Exception):
    """Not signed by the gateway, too old, from the future, or unreadable."""
