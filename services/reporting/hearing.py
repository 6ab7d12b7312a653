"""What reporting hears: everything but who may see a dossier; each event into the rows it is about and the log."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from chassis import rows
from chassis.reactions import Reactions
from contracts import certification, evaluation, promotion, registration
from contracts.envelope import Event
from services.reporting import messages, storage

reactions = Reactions("reporting")


def _keeps(read: Callable[[Event], messages.Columns], session: Session, event: Event) -> None:
    columns = read(event)
    table = storage.dossiers if "dossier_id" in columns else storage.ideas
    rows.keep(session, table, columns)
    rows.keep(session, storage.events, messages.entry(event, columns))


@reactions.hears(registration.IdeaSelected)
def on_idea_selected(session: Session, event: Event) -> None:
    """An idea is on the year's list."""
    _keeps(messages.idea, session, event)


@reactions.hears(registration.DossierSubmitted)
def on_submitted(session: Session, event: Event) -> None:
    """A dossier was filed, for the first time or mended."""
    _keeps(messages.submitted, session, event)


@reactions.hears(registration.CommuneVerified)
def on_verified(session: Session, event: Event) -> None:
    """The commune asks for evaluation."""
    _keeps(messages.verified, session, event)


@reactions.hears(registration.DossierReturned)
def on_returned(session: Session, event: Event) -> None:
    """The commune sent it back."""
    _keeps(messages.returned, session, event)


@reactions.hears(registration.DossierWithdrawn)
def on_withdrawn(session: Session, event: Event) -> None:
    """The producer took it back."""
    _keeps(messages.withdrawn, session, event)


@reactions.hears(evaluation.ScoredAtDistrict, evaluation.ScoredAtProvince)
def on_scored(session: Session, event: Event) -> None:
    """A council closed its assessment."""
    _keeps(messages.scored, session, event)


@reactions.hears(
    certification.CertifiedAtDistrict,
    certification.CertifiedAtProvince,
    certification.CertifiedNational,
)
def on_certified(session: Session, event: Event) -> None:
    """The product is recognised."""
    _keeps(messages.certified, session, event)


@reactions.hears(certification.ReferredNational)
def on_referred(session: Session, event: Event) -> None:
    """A candidate went to the ministry."""
    _keeps(messages.referred, session, event)


@reactions.hears(certification.NationalResultRecorded)
def on_national_result(session: Session, event: Event) -> None:
    """The ministry's result is there."""
    _keeps(messages.national_result, session, event)


@reactions.hears(certification.NewAssessmentOrdered)
def on_new_assessment(session: Session, event: Event) -> None:
    """The province's council assesses it once more."""
    _keeps(messages.new_assessment, session, event)


@reactions.hears(certification.CertificateRevoked)
def on_revoked(session: Session, event: Event) -> None:
    """A certificate was taken back."""
    _keeps(messages.revoked, session, event)


@reactions.hears(certification.CertificateExpired)
def on_expired(session: Session, event: Event) -> None:
    """A certificate ran out."""
    _keeps(messages.expired, session, event)


@reactions.hears(certification.ReevaluationDue)
def on_reevaluation_due(session: Session, event: Event) -> None:
    """A re-evaluation dossier may be filed."""
    _keeps(messages.reevaluation_due, session, event)


@reactions.hears(promotion.ProductListed)
def on_listed(session: Session, event: Event) -> None:
    """The product is in the catalogue."""
    _keeps(messages.listed, session, event)


@reactions.hears(promotion.ProductDelisted)
def on_delisted(session: Session, event: Event) -> None:
    """The product left the catalogue."""
    _keeps(messages.delisted, session, event)
