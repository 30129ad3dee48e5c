"""The sheet of one run: what was looked at, what was mended, what stands; written down as it is found."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeAlias, TypeVar

from django.db import transaction
from django.utils import timezone

from payments.models import AttentionItem, Payment, ReconciliationFinding, ReconciliationRun
from payments.services.attention import raise_attention

Kind: TypeAlias = ReconciliationFinding.Kind
Outcome: TypeAlias = ReconciliationFinding.Outcome
BATCH = 500  # things held in memory at a time
SHOWN = 1000  # findings that one run tells its caller; all of them are in the database
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Difference:
    """One thing that the two books say otherwise. `dated_at`: when either made what it is about."""

    kind: Kind
    expected: str
    found: str
    dated_at: datetime
    payment: Payment | None = None
    gateway_id: str = ""


@dataclass
class Sheet:
    """What one run has to say. A dry run changes and writes nothing, here and at the gateway."""

    run: ReconciliationRun
    dry_run: bool
    tell: Callable[[int], object] = lambda count: None
    findings: list[ReconciliationFinding] = field(default_factory=list)
    paid_out: set[int] = field(default_factory=set)  # payments whose lines a dry run saw, and did not keep

    def looked(self, count: int) -> None:
        """Count things that were compared."""
        self.run.looked += count
        self.tell(count)

    def stands(self, difference: Difference) -> None:
        """Write down what a person must look at: something new is told to staff, something known is seen again."""
        finding = self._finding(difference)
        self.run.standing += 1
        if not self.dry_run:
            _file(finding)

    def mended(self, difference: Difference) -> None:
        """Write down what has been put right. A dry run says what would be."""
        finding = self._finding(difference)
        finding.closed_at, finding.outcome = timezone.now(), Outcome.MENDED
        self.run.mended += 1
        if not self.dry_run:
            finding.save()

    def canceled(self) -> None:
        """Count a charge that nobody will confirm."""
        self.run.canceled += 1

    def close_gone(self) -> None:
        """Close what earlier runs found in this run's time and this one did not."""
        gone = ReconciliationFinding.objects.filter(
            part=self.run.part, closed_at=None, dated_at__gte=self.run.since, dated_at__lt=self.run.until
        ).exclude(last_run=self.run)
        for finding in gone.iterator(chunk_size=BATCH):
            _close(finding)

    def _finding(self, difference: Difference) -> ReconciliationFinding:
        payment, gateway_id = difference.payment, difference.gateway_id
        finding = ReconciliationFinding(
            part=self.run.part,
            kind=difference.kind,
            key=f"{difference.kind}:{gateway_id or (payment.reference if payment else '')}",
            payment=payment,
            gateway_id=gateway_id,
            expected=difference.expected[:100],
            found=difference.found[:100],
            dated_at=difference.dated_at,
            first_run=self.run,
            last_run=self.run,
        )
        if len(self.findings) < SHOWN:
            self.findings.append(finding)
        return finding


@transaction.atomic
def _file(finding: ReconciliationFinding) -> None:
    known = ReconciliationFinding.objects.filter(key=finding.key, closed_at=None).first()
    if known:
        known.expected, known.found, known.last_run = finding.expected, finding.found, finding.last_run
        known.save(update_fields=["expected", "found", "last_run"])
        return
    finding.save()
    raise_attention(
        key=f"finding:{finding.pk}",
        kind="books and gateway differ",
        detail=f"{finding.kind}: {finding.gateway_id} expected {finding.expected}, found {finding.found}",
        payment=finding.payment,
    )


@transaction.atomic
def _close(finding: ReconciliationFinding) -> None:
    finding.closed_at, finding.outcome = timezone.now(), Outcome.GONE
    finding.save(update_fields=["closed_at", "outcome"])
    AttentionItem.objects.filter(key=f"finding:{finding.pk}", resolved_at=None).update(
        resolved_at=timezone.now(), resolution="no longer found"
    )


def batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Yield the things in lists of at most 500."""
    rest = iter(things)
    while batch := list(islice(rest, BATCH)):
        yield batch
