"""What an assessment's acts lead to, in evaluation's own words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.evaluation.domain.council import Council
from services.evaluation.domain.facts import Conclusion

if TYPE_CHECKING:
    from services.evaluation.domain.assessment import Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersWereCleared:
    """Others of the council may see the dossier than before."""

    assessment: "Assessment"
    council: Council
    cleared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentWasConcluded:
    """A council gave its result."""

    assessment: "Assessment"
    conclusion: Conclusion


News = MembersWereCleared | AssessmentWasConcluded
