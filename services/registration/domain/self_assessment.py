"""What a producer's own sheet is worth before filing: its rating, and what would be asked for on the day."""

from dataclasses import dataclass

from regulation.improvement import Improvement, improvement
from regulation.rating import Rating, Sheet, rate
from services.registration.domain.dossier import Dossier
from services.registration.domain.proof import Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfAssessment:
    """The rating of the producer's single sheet, criteria not ticked yet, papers that its ticks still need, and the
    smallest changes that would reach the next star.
    """

    dossier: Dossier
    rating: Rating
    unticked: tuple[str, ...]
    evidence_wanted: tuple[Proof, ...]
    improvement: Improvement


def self_assessment(dossier: Dossier) -> SelfAssessment:
    """How the dossier's own sheet would be rated if a council of one agreed with it."""
    sheet = Sheet(member="producer", choices=dossier.self_assessment)
    rating = rate(dossier.sheet, [sheet], pack=dossier.pack)
    return SelfAssessment(
        dossier=dossier,
        rating=rating,
        unticked=tuple(
            each.code
            for each in dossier.sheet.criteria
            if each.code not in dossier.self_assessment
        ),
        evidence_wanted=dossier.evidence_wanted,
        improvement=improvement(rating, pack=dossier.pack, criteria_set=dossier.sheet),
    )
