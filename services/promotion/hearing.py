"""What promotion hears: which products may be shown, and which no longer may."""

from sqlalchemy.orm import Session

from chassis.reactions import Reactions
from contracts import certification
from contracts.envelope import Event
from services.promotion import messages, use_cases
from services.promotion.storage import ListingRow, SqlListings

reactions = Reactions("promotion", rows=(ListingRow,))


@reactions.hears(
    certification.CertifiedAtDistrict,
    certification.CertifiedAtProvince,
    certification.CertifiedNational,
)
def on_certified(session: Session, event: Event) -> None:
    """A product may be listed."""
    use_cases.make_ready(SqlListings(session), **messages.certified(event))


@reactions.hears(certification.CertificateRevoked)
def on_revoked(session: Session, event: Event) -> None:
    """A certificate was taken back."""
    use_cases.end_listing(SqlListings(session), **messages.revoked(event))


@reactions.hears(certification.CertificateExpired)
def on_expired(session: Session, event: Event) -> None:
    """A certificate ran out."""
    use_cases.end_listing(SqlListings(session), **messages.expired(event))
