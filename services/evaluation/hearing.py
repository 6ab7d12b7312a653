"""What evaluation hears: dossiers that come before a council or are taken back, and who represents their producers."""

from sqlalchemy.orm import Session

from chassis.reactions import Reactions
from contracts import certification, registration
from contracts.envelope import Event
from services.evaluation import messages, use_cases
from services.evaluation.storage import (
    SqlAssessments,
    SqlCouncils,
    SqlRepresentatives,
    SqlSheets,
)

reactions = Reactions("evaluation")


@reactions.hears(registration.CommuneVerified)
def on_verified(session: Session, event: Event) -> None:
    """A commune asks for evaluation."""
    use_cases.begin(SqlAssessments(session), **messages.verified(event))


@reactions.hears(registration.RepresentativeNamed)
def on_named(session: Session, event: Event) -> None:
    """A producer's legal representative is somebody else now."""
    use_cases.name_representative(
        SqlRepresentatives(session),
        SqlCouncils(session),
        SqlAssessments(session),
        SqlSheets(session),
        **messages.named(event),
    )


@reactions.hears(certification.NewAssessmentOrdered)
def on_ordered(session: Session, event: Event) -> None:
    """An authority has a product assessed anew."""
    use_cases.begin_anew(SqlAssessments(session), **messages.ordered(event))


@reactions.hears(registration.DossierWithdrawn)
def on_withdrawn(session: Session, event: Event) -> None:
    """A producer has taken a dossier back."""
    use_cases.withdraw(SqlAssessments(session), dossier_id=messages.withdrawn(event))
