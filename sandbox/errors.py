"""Refusals in the form of Stripe's API."""

from typing import Any


class ApiError(Exception):
    """An answer that is not a 200. `keep` says that what was done before it stays done, as with a decline."""

    def __init__(
        self, status: int, message: str, *, kind: str = "invalid_request_error", keep: bool = False, **detail: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.keep = keep
        self.detail = {"type": kind, "message": message, **{k: v for k, v in detail.items() if v}}

    def body(self) -> dict[str, Any]:
        """Return the JSON body."""
        return {"error": self.detail}


def invalid(message: str, param: str = "", code: str = "", **detail: Any) -> ApiError:
    """Return a 400: the question was wrong and nothing happened."""
    return ApiError(400, message, param=param, code=code, **detail)


def missing(kind: str, object_id: str, param: str = "id") -> ApiError:
    """Return the 404 for an object that is not there."""
    return ApiError(404, f"No such {kind}: '{object_id}'", code="resource_missing", param=param)


def card_error(code: str, message: str, decline_code: str = "", **detail: Any) -> ApiError:
    """Return a 402: the payer's bank, or we for it, said no. What was recorded about it stays."""
    return ApiError(402, message, kind="card_error", keep=True, code=code, decline_code=decline_code, **detail)
