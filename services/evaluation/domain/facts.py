"""What an assessment is made of: the product as the commune sent it, and each step of the procedure as it was taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from regulation.acting import Place
from regulation.procedure import Outcome
from regulation.rating import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the commune found on one topic; `share` in per cent where the topic is a share."""

    topic: str
    met: bool
    share: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A dossier as its commune verified it."""

    dossier_id: UUID
    subject_id: UUID
    product_name: str
    producer: str
    criteria_set: str
    purpose: str
    registration_number: str
    product_code: str
    year: int
    place: Place
    received_on: date
    verified_on: date
    request_letter: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteVisit:
    """What the advisory team saw where the product is made."""

    on: date
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraTest:
    """A test beyond those of the dossier."""

    name: str
    result: str
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisoryReport:
    """The advisory team's report to the chair (26/2026 Art. 7.3)."""

    number: str
    conforms: bool
    on: date
    site_visit: SiteVisit | None = None
    tests: tuple[ExtraTest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """Something asked of the producer; the clock stands still until it is received."""

    what: str
    asked_on: date
    received_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a member declared about himself; `by_data` where the data showed the conflict."""

    conflict: bool
    at: datetime
    ground: str | None = None
    by_data: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A round of sheets opened: whose sheets counted, how far apart they lay, whether they score again."""

    round: int
    members: tuple[str, ...]
    spread: int
    rescore: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Knockout:
    """A criterion or ground that puts the product out, with what proves it."""

    code: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:
    """Where the result hangs on little: half a point, or one minimum; `kind` is band, gate-missed or gate-held."""

    kind: str
    star: int
    by: Fraction
    criterion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What the council concluded, with everything it takes to compute it again under the same pack.

    result  the rating as plain data: as `ocop rate` prints it, and the exact mean and all subtotals.
    """

    on: date
    star: int
    mean: Fraction
    result: Mapping[str, Any]
    sheets: tuple[Sheet, ...]
    agreed: Mapping[str, int]
    knockouts: tuple[Knockout, ...]
    outcome: Outcome
    warnings: tuple[Warning, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult:
    """What the council of the level below found."""

    assessment_id: UUID
    level: str
    star: int
    mean: Fraction
    parts: Mapping[str, str]
