"""What members write to us, with files, and the requests of who cannot pay."""

from billing.forms.cases import AnswerForm, CaseForm, KeyField, text_field
from billing.forms.requests import PlanForm, WaiverForm

__all__ = ["AnswerForm", "CaseForm", "KeyField", "PlanForm", "WaiverForm", "text_field"]
