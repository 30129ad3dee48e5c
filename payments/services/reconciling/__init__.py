"""Comparing our books with the gateway's, part by part, and putting right what can be put right without a person."""

from payments.services.reconciling.running import PARTS, CannotReconcile, Result, reconcile

__all__ = ["PARTS", "CannotReconcile", "Result", "reconcile"]
