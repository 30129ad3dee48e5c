"""Households and members as the agency's roster names them."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone


class Household(models.Model):
    """A premium billing family group (PBFG, 130 CMR 506.011): the people who share one monthly bill."""

    number = models.CharField(max_length=40, unique=True, help_text="the roster's household_id")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"household {self.pk}"


class Member(models.Model):
    """One person on the roster. The roster's word is final; only an import changes a row."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    masshealth_id = models.CharField(max_length=12, unique=True, validators=[RegexValidator(r"\A[0-9]{12}\Z")])
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    search_name = models.CharField(max_length=170, help_text="both names as they are compared")
    date_of_birth = models.DateField()
    responsible = models.BooleanField(help_text="may register, and see and pay the household's bill")
    coverage_type = models.CharField(max_length=60)
    coverage_status = models.CharField(max_length=40)
    coverage_start = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["search_name"], name="member_search_name", opclasses=["text_pattern_ops"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(masshealth_id__regex=r"^[0-9]{12}$"), name="masshealth_id_shape")
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"
