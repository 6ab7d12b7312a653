"""A certificate: issued by a decision, valid for the term of its pack, ended by time or revoked."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID, uuid5

from regulation.acting import Actor, Role
from regulation.days import require_order
from regulation.numbering import certificate_number
from regulation.procedure import expires, reevaluation_window
from regulation.refusals import NotFound, Refusal, Unfit
from services.certification.domain.product import Product

NOT_RENEWED = "not-renewed"
"""The ground of packs under which a certificate is revoked after its term (148/2023 in practice)."""


class Status(StrEnum):
    """valid → expired | revoked; expired → revoked, where the pack revokes what was not renewed."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class UnknownCertificate(NotFound):
    """There is no such certificate."""

    slug = "unknown-certificate"


class NoCertificateBelowThreeStars(Refusal):
    """A star that no level certifies gets no certificate."""

    slug = "no-certificate-below-three-stars"


class AlreadyRevoked(Refusal):
    """A certificate is revoked once."""

    slug = "already-revoked"


class NotRevocable(Refusal):
    """The pack does not let this certificate be taken back on this ground at this time."""

    slug = "not-revocable"


class UnknownGround(Unfit):
    """The pack knows no such ground of revocation."""

    slug = "unknown-ground"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The decision that a certificate rests on; `decision_id` where it was entered for a batch."""

    number: str
    level: str
    on: date
    decision_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """Why and by which decision a certificate was taken back."""

    ground: str
    decision_number: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateWasIssued:
    """News: a product is recognised."""

    certificate: "Certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateWasRevoked:
    """News: a certificate was taken back."""

    certificate: "Certificate"
    revocation: Revocation


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateHasExpired:
    """News: a certificate is past its term."""

    certificate: "Certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReevaluationHasOpened:
    """News: the certificate's holder may file for re-evaluation from `opens` to `closes`."""

    certificate: "Certificate"
    opens: date
    closes: date


News = CertificateWasIssued | CertificateWasRevoked | CertificateHasExpired | ReevaluationHasOpened


@dataclass(slots=True, kw_only=True)
class Certificate:
    """One product's certificate; `level` is the one that certified. Its last day is `expires_on`."""

    id: UUID
    number: str
    dossier_id: UUID
    product: Product
    star: int
    level: str
    decision_number: str
    decision_id: UUID | None
    issued_on: date
    expires_on: date
    status: Status = Status.VALID
    revocation: Revocation | None = None
    reminded_on: date | None = None
    version: int = 0
    news: list[News] = field(default_factory=list, repr=False)

    @classmethod
    def issue(
        cls, *, dossier_id: UUID, product: Product, star: int, by: Ruling, serial: int
    ) -> Self:
        """A certificate under a ruling, with the province's `serial` of that year.

        Its id follows from dossier and decision. Raises NoCertificateBelowThreeStars.
        """
        pack = product.pack
        if pack.authority(star) is None:
            raise NoCertificateBelowThreeStars(
                f"dossier {dossier_id}: {pack.id} certifies no product at {star} stars"
            )
        certificate = cls(
            id=uuid5(dossier_id, str(by.decision_id or f"{by.level} {by.number}")),
            number=certificate_number(
                pack, serial=serial, province=product.place.province, year=by.on.year
            ),
            dossier_id=dossier_id,
            product=product,
            star=star,
            level=by.level,
            decision_number=by.number,
            decision_id=by.decision_id,
            issued_on=by.on,
            expires_on=expires(pack, by.on),
        )
        certificate.news.append(CertificateWasIssued(certificate=certificate))
        return certificate

    @property
    def window(self) -> tuple[date, date] | None:
        """First and last day to file for re-evaluation; None where the pack sets no window."""
        return reevaluation_window(self.product.pack, self.expires_on)

    def status_on(self, day: date) -> Status:
        """What the certificate is worth on a day, whether or not its end was noted already."""
        if self.status is Status.VALID and self.expires_on < day:
            return Status.EXPIRED
        return self.status

    def revoke(
        self, *, by: Actor, ground: str, decision_number: str, on: date, today: date
    ) -> None:
        """Take the certificate back, by who may under the pack, else by the level that certified.

        Raises NotAllowed, AlreadyRevoked, NotRevocable, UnknownGround, and the dates' refusals.
        """
        level = self.product.pack.revokes.get(self.star, self.level)
        by.require(Role.AUTHORITY, self.product.area(level))
        if self.status is Status.REVOKED:
            raise AlreadyRevoked(f"certificate {self.number} was revoked before")
        self._require_ground(ground)
        require_order(on, today=today, last=self.issued_on)
        self._require_time(ground, on)
        self.expire(today=on)
        self.revocation = Revocation(ground=ground, decision_number=decision_number, on=on)
        self.status = Status.REVOKED
        self.news.append(CertificateWasRevoked(certificate=self, revocation=self.revocation))

    def expire(self, *, today: date) -> None:
        """Note the end of the term; nothing happens before it has passed, or a second time."""
        if self.status is Status.VALID and self.expires_on < today:
            self.status = Status.EXPIRED
            self.news.append(CertificateHasExpired(certificate=self))

    def remind(self, *, today: date) -> None:
        """Say once that the window for re-evaluation has opened; nothing happens outside it."""
        if self.status is not Status.VALID or self.window is None or self.reminded_on is not None:
            return
        opens, closes = self.window
        if opens <= today <= closes:
            self.reminded_on = today
            self.news.append(ReevaluationHasOpened(certificate=self, opens=opens, closes=closes))

    def _grounds(self) -> tuple[str, ...]:
        return tuple(ground.code for ground in self.product.pack.revocation_grounds)

    def _require_ground(self, ground: str) -> None:
        known = self._grounds()
        if not known:
            raise NotRevocable(f"{self.product.pack_id} names no grounds of revocation")
        if ground not in known:
            raise UnknownGround(f"ground: {self.product.pack_id} knows {', '.join(known)}")

    def _require_time(self, ground: str, on: date) -> None:
        """Nothing is left to take back after the end, unless the pack revokes what was not renewed."""
        if on > self.expires_on and NOT_RENEWED not in self._grounds():
            raise NotRevocable(f"certificate {self.number} ended on {self.expires_on}")
        if on <= self.expires_on and ground == NOT_RENEWED:
            raise NotRevocable(f"certificate {self.number} runs until {self.expires_on}")
