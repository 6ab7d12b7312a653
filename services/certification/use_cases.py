"""What certification can be asked to do: get, tell, save."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from regulation.acting import Actor
from regulation.decision import NATIONAL
from services.certification.domain.case import Case
from services.certification.domain.certificate import Certificate, Ruling
from services.certification.domain.course import Order
from services.certification.domain.decision import Decision
from services.certification.domain.product import Product
from services.certification.domain.score import NationalResult, Score
from services.certification.domain.standing import Status


class Cases(Protocol):
    """Where cases are kept."""

    def get(self, case_id: UUID) -> Case: ...
    def find(self, case_id: UUID) -> Case | None: ...
    def several(self, case_ids: Sequence[UUID]) -> list[Case]: ...
    def save(self, case: Case) -> None: ...


class Withdrawals(Protocol):
    """Which dossiers were withdrawn, also before any score was heard of them."""

    def note(self, dossier_id: UUID, on: date) -> None: ...
    def find(self, dossier_id: UUID) -> date | None: ...


class Decisions(Protocol):
    """Where decisions are kept."""

    def get(self, decision_id: UUID) -> Decision: ...
    def save(self, decision: Decision) -> None: ...


class Certificates(Protocol):
    """Where certificates are kept."""

    def get(self, certificate_id: UUID) -> Certificate: ...
    def ended(self, *, before: date) -> Iterable[Certificate]: ...
    def reevaluable(self, *, on: date) -> Iterable[Certificate]: ...
    def save(self, certificate: Certificate) -> None: ...


class Serials(Protocol):
    """Counts 1, 2, 3 … per province and year, without gaps or doubles."""

    def take(self, province: str, year: int, count: int = 1) -> range: ...


def hear_score(
    cases: Cases, withdrawals: Withdrawals, *, dossier_id: UUID, product: Product, score: Score
) -> Case:
    """A council has closed its assessment of a dossier; one withdrawn meanwhile awaits nothing."""
    case = cases.find(dossier_id)
    withdrawn_on = withdrawals.find(dossier_id)
    if case is None:
        case = Case.open(id=dossier_id, product=product, score=score)
    elif withdrawn_on is None:
        case.score_anew(score)
    if withdrawn_on is not None:
        case.withdraw(on=withdrawn_on)
    cases.save(case)
    return case


def hear_withdrawal(
    cases: Cases, withdrawals: Withdrawals, *, dossier_id: UUID, on: date
) -> Case | None:
    """A producer took its dossier back: nothing is decided on it any more; its case, where there is one."""
    withdrawals.note(dossier_id, on)
    case = cases.find(dossier_id)
    if case is not None:
        case.withdraw(on=on)
        cases.save(case)
    return case


def decide(
    cases: Cases,
    decisions: Decisions,
    certificates: Certificates,
    serials: Serials,
    *,
    decision_id: UUID,
    by: Actor,
    number: str,
    level: str,
    decided_on: date,
    signed_by_office: str,
    dossiers: Sequence[UUID],
    today: date,
) -> tuple[Decision, list[Certificate]]:
    """One decision for a batch: every dossier gets its certificate, or none does."""
    batch = cases.several(dossiers)
    decision = Decision.sign(
        batch,
        id=decision_id,
        by=by,
        number=number,
        level=level,
        decided_on=decided_on,
        signed_by_office=signed_by_office,
        today=today,
    )
    decisions.save(decision)
    drawn = serials.take(decision.province, decided_on.year, len(batch))
    issued = []
    for case, serial in zip(batch, drawn, strict=True):
        certificate = case.certify(by=by, ruling=decision.ruling, serial=serial, today=today)
        cases.save(case)
        certificates.save(certificate)
        issued.append(certificate)
    return decision, issued


def refer(
    cases: Cases, *, dossier_id: UUID, by: Actor, decision_number: str, on: date, today: date
) -> Case:
    """Send a five-star candidate to the ministry."""
    case = cases.get(dossier_id)
    case.refer(by=by, decision_number=decision_number, on=on, today=today)
    cases.save(case)
    return case


def record_national_result(
    cases: Cases,
    certificates: Certificates,
    serials: Serials,
    *,
    dossier_id: UUID,
    by: Actor,
    result: NationalResult,
    decision_number: str | None,
    today: date,
) -> tuple[Case, Certificate | None]:
    """Note the ministry's result, and its decision where it certifies and its number is known."""
    case = cases.get(dossier_id)
    case.record_national_result(result, by=by, today=today)
    certificate = None
    if decision_number is not None and case.status is Status.AWAITS_DECISION:
        ruling = Ruling(number=decision_number, level=NATIONAL, on=result.on)
        serial = _next_serial(serials, case, result.on)
        certificate = case.certify(by=by, ruling=ruling, serial=serial, today=today)
    cases.save(case)
    if certificate is not None:
        certificates.save(certificate)
    return case, certificate


def recognise_national_result(
    cases: Cases,
    certificates: Certificates,
    serials: Serials,
    *,
    dossier_id: UUID,
    by: Actor,
    decision_number: str,
    on: date,
    today: date,
) -> tuple[Case, Certificate]:
    """Certify the lower star that the ministry's council found."""
    case = cases.get(dossier_id)
    certificate = case.recognise_national_result(
        by=by,
        decision_number=decision_number,
        serial=_next_serial(serials, case, on),
        on=on,
        today=today,
    )
    cases.save(case)
    certificates.save(certificate)
    return case, certificate


def order_new_assessment(
    cases: Cases, *, dossier_id: UUID, by: Actor, order: Order, today: date
) -> Case:
    """Have a product assessed anew that the ministry's council found below five stars."""
    case = cases.get(dossier_id)
    case.order_new_assessment(order, by=by, today=today)
    cases.save(case)
    return case


def revoke(
    certificates: Certificates,
    *,
    certificate_id: UUID,
    by: Actor,
    ground: str,
    decision_number: str,
    on: date,
    today: date,
) -> Certificate:
    """Take a certificate back."""
    certificate = certificates.get(certificate_id)
    certificate.revoke(by=by, ground=ground, decision_number=decision_number, on=on, today=today)
    certificates.save(certificate)
    return certificate


def expire_certificates(certificates: Certificates, *, today: date) -> None:
    """Note the end of every certificate that is past its term."""
    for certificate in certificates.ended(before=today):
        certificate.expire(today=today)
        certificates.save(certificate)


def announce_reevaluations(certificates: Certificates, *, today: date) -> None:
    """Say of every certificate, once, that the window for its re-evaluation has opened."""
    for certificate in certificates.reevaluable(on=today):
        certificate.remind(today=today)
        certificates.save(certificate)


def _next_serial(serials: Serials, case: Case, on: date) -> int:
    """Taken back with the transaction when the case refuses, so no number is lost."""
    return serials.take(case.product.place.province, on.year)[0]
