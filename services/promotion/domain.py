"""A product in the public catalogue: ready once certified, listed by an officer, gone when its certificate ends."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from regulation.acting import Actor, Place, Role
from regulation.days import require_order
from regulation.refusals import NotFound, Refusal


class Status(StrEnum):
    """ready → listed → taken-down → listed; ended from anywhere; ended → ready with a new certificate."""

    READY = "ready"
    LISTED = "listed"
    TAKEN_DOWN = "taken-down"
    ENDED = "ended"


class UnknownListing(NotFound):
    """No certified product has that dossier."""

    slug = "unknown-listing"


class AlreadyListed(Refusal):
    """A product is in the catalogue once."""

    slug = "already-listed"


class NotListed(Refusal):
    """Only what is shown can be taken down."""

    slug = "not-listed"


class CertificateEnded(Refusal):
    """A product without a certificate in force is not shown."""

    slug = "certificate-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is certified, as the catalogue shows it."""

    name: str
    producer: str
    code: str
    criteria_set: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """On what grounds it may be shown."""

    id: UUID
    number: str
    star: int
    decided_on: date
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWasListed:
    """News: the product is in the catalogue."""

    listing: "Listing"
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWasDelisted:
    """News: the product left the catalogue; `reason` is revoked, expired or taken-down."""

    listing: "Listing"
    on: date
    reason: str


News = ProductWasListed | ProductWasDelisted


@dataclass(slots=True, kw_only=True)
class Listing:
    """One certified product's place in the catalogue; `id` is its dossier's, `last_on` the day of the last act."""

    id: UUID
    product: Product
    certificate: Certificate
    last_on: date
    status: Status = Status.READY
    summary_vi: str = ""
    summary_en: str = ""
    listed_on: date | None = None
    version: int = 0
    news: list[News] = field(default_factory=list, repr=False)

    def show(
        self, *, by: Actor, on: date, today: date, summary_vi: str = "", summary_en: str = ""
    ) -> None:
        """Put the product into the catalogue, with a few words on it.

        Raises NotAllowed, AlreadyListed, CertificateEnded, DateInFuture, DateBeforeLastAct.
        """
        self._require_office(by)
        if self.status is Status.LISTED:
            raise AlreadyListed(f"the product is listed since {self.listed_on}")
        if self.status is Status.ENDED or on > self.certificate.expires_on:
            raise CertificateEnded(
                f"certificate {self.certificate.number} is not in force on {on}"
            )
        require_order(on, today=today, last=self.last_on)
        self.status = Status.LISTED
        self.listed_on = on
        self.summary_vi = summary_vi or self.summary_vi
        self.summary_en = summary_en or self.summary_en
        self._note(ProductWasListed(listing=self, on=on))

    def take_down(self, *, by: Actor, on: date, today: date) -> None:
        """Take the product out of the catalogue; it may be listed again.

        Raises NotAllowed, NotListed, DateInFuture, DateBeforeLastAct.
        """
        self._require_office(by)
        if self.status is not Status.LISTED:
            raise NotListed(f"the product is {self.status.value}, not listed")
        require_order(on, today=today, last=self.last_on)
        self.status = Status.TAKEN_DOWN
        self.listed_on = None
        self._note(ProductWasDelisted(listing=self, on=on, reason="taken-down"))

    def certify(self, product: Product, certificate: Certificate) -> None:
        """A newer certificate for the same dossier (five stars after four); what was shown stays shown."""
        self.product = product
        self.certificate = certificate
        self.last_on = max(self.last_on, certificate.decided_on)
        if self.status is Status.ENDED:
            self.status = Status.READY

    def end(self, certificate_id: UUID, *, on: date, reason: str) -> None:
        """The certificate was revoked or ran out; nothing happens where that was known or a newer one stands."""
        if certificate_id != self.certificate.id or self.status is Status.ENDED:
            return
        was_listed = self.status is Status.LISTED
        self.status = Status.ENDED
        self.listed_on = None
        if was_listed:
            self._note(ProductWasDelisted(listing=self, on=on, reason=reason))

    def _require_office(self, by: Actor) -> None:
        by.require(Role.OCOP_OFFICER, self.product.place.district, self.product.place.province)

    def _note(self, news: News) -> None:
        self.last_on = max(self.last_on, news.on)
        self.news.append(news)
