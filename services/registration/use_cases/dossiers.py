"""Requests about dossiers."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from regulation import numbering, packs
from regulation.acting import Actor
from regulation.days import require_order
from services.registration.domain.dossier import Dossier
from services.registration.domain.filing import require_filer
from services.registration.domain.idea import IdeaStatus
from services.registration.domain.papers import Evidence, Finding, Numbers
from services.registration.domain.refusals import IdeaNotSelected
from services.registration.domain.standing import Scored
from services.registration.use_cases.ports import Dossiers, Ideas, Serials, Subjects


def open_dossier(
    subjects: Subjects,
    ideas: Ideas,
    dossiers: Dossiers,
    *,
    dossier_id: UUID,
    subject_id: UUID,
    idea_id: UUID | None,
    by: Actor,
    product_name: str,
    criteria_set: str,
    purpose: str,
    pack_id: str | None,
    on: date,
    today: date,
) -> Dossier:
    """Begin a dossier under the pack named, or the newest in force on that day, where the subject's commune lies then.

    Raises PackNotInForce, UnknownCriteriaSet, IncompleteCriteriaSet, IdeaNotSelected, UnknownUnit, NoDistrict.
    """
    subject = subjects.get(subject_id)
    require_filer(by, subject_id=subject_id, commune=subject.place.commune)
    require_order(on, today=today, last=None)
    pack = packs.require_in_force(pack_id, on) if pack_id else packs.in_force(on)
    pack.criteria_set(criteria_set).require_complete()
    place = subject.place_on(on)
    numbering.require_district(pack, place.district)
    _require_idea(ideas, idea_id, subject_id, is_first=purpose == "first")
    dossier = Dossier(
        id=dossier_id,
        subject_id=subject_id,
        idea_id=idea_id,
        product_name=product_name,
        producer=subject.particulars.public_name,
        criteria_set=criteria_set,
        purpose=purpose,
        pack_id=pack.id,
        place=place,
        opened_on=on,
        last_on=on,
    )
    dossier.demanded()
    dossiers.save(dossier)
    return dossier


def _require_idea(ideas: Ideas, idea_id: UUID | None, subject_id: UUID, *, is_first: bool) -> None:
    """A first dossier follows an idea of the list; any idea that is named is the subject's own."""
    if idea_id is None:
        if is_first:
            raise IdeaNotSelected("idea_id: a first dossier follows a selected idea")
        return
    idea = ideas.get(idea_id)
    if idea.status is not IdeaStatus.SELECTED or idea.subject_id != subject_id:
        raise IdeaNotSelected("idea_id: the idea is not on a year's list of this subject")


def attach_components(
    dossiers: Dossiers, *, dossier_id: UUID, by: Actor, evidence: Mapping[str, Iterable[Evidence]]
) -> Dossier:
    """Put evidence under each component: all of it, or nothing."""
    dossier = dossiers.get(dossier_id)
    for code, files in evidence.items():
        dossier.attach(code, files, by=by)
    dossiers.save(dossier)
    return dossier


def bring_samples(dossiers: Dossiers, *, dossier_id: UUID, by: Actor, count: int) -> Dossier:
    """Hand in samples."""
    dossier = dossiers.get(dossier_id)
    dossier.bring_samples(count, by=by)
    dossiers.save(dossier)
    return dossier


def self_assess(
    dossiers: Dossiers, *, dossier_id: UUID, by: Actor, choices: Mapping[str, int]
) -> Dossier:
    """Fill in the producer's own sheet."""
    dossier = dossiers.get(dossier_id)
    dossier.self_assess(choices, by=by)
    dossiers.save(dossier)
    return dossier


def submit(
    dossiers: Dossiers, serials: Serials, *, dossier_id: UUID, by: Actor, on: date, today: date
) -> Dossier:
    """File a dossier."""
    dossier = dossiers.get(dossier_id)
    dossier.submit(by=by, numbered=lambda: _numbers(serials, dossier, on.year), on=on, today=today)
    dossiers.save(dossier)
    return dossier


def _numbers(serials: Serials, dossier: Dossier, year: int) -> Numbers:
    """The commune counts its forms and its products per year (26/2026 Annex III)."""
    place = dossier.place
    serial = serials.next("dossier", place.commune, year)
    return Numbers(
        registration_number=numbering.registration_number(
            dossier.pack,
            serial=serial,
            province=place.province,
            commune=place.commune,
            year=year,
            round_=1,
        ),
        product_code=numbering.product_code(
            dossier.pack,
            province=place.province,
            district=place.district,
            commune=place.commune,
            serial=serial,
            year=year,
        ),
    )


def verify(
    dossiers: Dossiers,
    *,
    dossier_id: UUID,
    by: Actor,
    findings: Iterable[Finding],
    request_letter: str,
    on: date,
    today: date,
) -> Dossier:
    """The commune asks for evaluation."""
    dossier = dossiers.get(dossier_id)
    dossier.verify(by=by, findings=findings, request_letter=request_letter, on=on, today=today)
    dossiers.save(dossier)
    return dossier


def send_back(
    dossiers: Dossiers,
    *,
    dossier_id: UUID,
    by: Actor,
    missing: Iterable[str],
    on: date,
    today: date,
) -> Dossier:
    """The commune returns a dossier."""
    dossier = dossiers.get(dossier_id)
    dossier.send_back(by=by, missing=missing, on=on, today=today)
    dossiers.save(dossier)
    return dossier


def withdraw(dossiers: Dossiers, *, dossier_id: UUID, by: Actor, on: date, today: date) -> Dossier:
    """The producer takes a dossier back."""
    dossier = dossiers.get(dossier_id)
    dossier.withdraw(by=by, on=on, today=today)
    dossiers.save(dossier)
    return dossier


def note_standing(dossiers: Dossiers, *, dossier_id: UUID, standing: str) -> None:
    """Show where a dossier stands, as other services said."""
    dossier = dossiers.get(dossier_id)
    dossier.stand_at(standing)
    dossiers.save(dossier)


def note_score(dossiers: Dossiers, *, dossier_id: UUID, score: Scored) -> None:
    """Show what a council made of a dossier."""
    dossier = dossiers.get(dossier_id)
    dossier.note_score(score)
    dossiers.save(dossier)


def note_new_assessment(dossiers: Dossiers, *, dossier_id: UUID, after: UUID, level: str) -> None:
    """Show that a dossier is assessed anew, after the assessment that counted until then."""
    dossier = dossiers.get(dossier_id)
    dossier.note_new_assessment(after=after, level=level)
    dossiers.save(dossier)
