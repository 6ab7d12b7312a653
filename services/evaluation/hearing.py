"""What evaluation hears: dossiers that communes have verified, and dossiers that were taken back."""

from sqlalchemy.orm import Session

from chassis.reactions import Reactions
from contracts import registration
from contracts.envelope import Event
from services.evaluation import messages, use_cases
from services.evaluation.storage import SqlAssessments

reactions = Reactions("evaluation")


@reactions.hears(registration.CommuneVerified)
def on_verified(session: Session, event: Event) -> None:
    """A commune asks for evaluation."""
    use_cases.begin(SqlAssessments(session), **messages.verified(event))


@reactions.hears(registration.DossierWithdrawn)
def on_withdrawn(session: Session, event: Event) -> None:
    """A producer has taken a dossier back."""
    use_cases.withdraw(SqlAssessments(session), dossier_id=messages.withdrawn(event))
