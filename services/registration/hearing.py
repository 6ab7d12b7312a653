"""What registration hears: where its dossiers stand once they have left it, who of a council may read them."""

from sqlalchemy.orm import Session

from chassis.reactions import Reactions
from contracts import certification, evaluation
from contracts.envelope import Event
from services.registration import messages, use_cases
from services.registration.storage import DossierRow, SqlDossiers, SqlSeats

reactions = Reactions("registration", rows=(DossierRow,))


@reactions.hears(evaluation.MembersCleared)
def on_cleared(session: Session, event: Event) -> None:
    """Somebody of a council may read a dossier, or may not any more."""
    SqlSeats(session).put(messages.cleared(event))


@reactions.hears(evaluation.ScoredAtDistrict, evaluation.ScoredAtProvince)
def on_scored(session: Session, event: Event) -> None:
    """A council has closed its assessment."""
    use_cases.note_score(SqlDossiers(session), **messages.scored(event))


@reactions.hears(
    certification.CertifiedAtDistrict,
    certification.CertifiedAtProvince,
    certification.CertifiedNational,
)
def on_certified(session: Session, event: Event) -> None:
    """The product has its certificate."""
    use_cases.note_standing(SqlDossiers(session), **messages.certified(event))


@reactions.hears(certification.ReferredNational)
def on_referred(session: Session, event: Event) -> None:
    """The product is with the ministry."""
    use_cases.note_standing(SqlDossiers(session), **messages.referred(event))


@reactions.hears(certification.NewAssessmentOrdered)
def on_new_assessment(session: Session, event: Event) -> None:
    """The product is assessed anew."""
    use_cases.note_new_assessment(SqlDossiers(session), **messages.new_assessment(event))


@reactions.hears(certification.CertificateRevoked, certification.CertificateExpired)
def on_ended(session: Session, event: Event) -> None:
    """The certificate has ended."""
    use_cases.note_standing(SqlDossiers(session), **messages.ended(event))
