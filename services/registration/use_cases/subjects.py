"""Requests about producing entities."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from regulation.acting import Actor
from regulation.days import require_order
from services.registration.domain.filing import require_filer
from services.registration.domain.subject import Particulars, Subject
from services.registration.use_cases.ports import Subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The subject as it stands now: whether it is new, else what was changed of it (nothing, where all was known)."""

    subject: Subject
    is_new: bool
    changed: tuple[str, ...]


def register_subject(
    subjects: Subjects,
    *,
    subject_id: UUID,
    particulars: Particulars,
    keep_person: bool = False,
    by: Actor,
    on: date,
    today: date,
) -> Registered:
    """Enter a producing entity, or change the one that is known; itself, or its commune for it."""
    known = subjects.find(subject_id)
    if known is None:
        return _enter(subjects, subject_id, particulars, by=by, on=on, today=today)
    changed = known.change(particulars, keep_person=keep_person, by=by, on=on, today=today)
    subjects.save(known)
    return Registered(subject=known, is_new=False, changed=changed)


def _enter(
    subjects: Subjects,
    subject_id: UUID,
    particulars: Particulars,
    *,
    by: Actor,
    on: date,
    today: date,
) -> Registered:
    require_filer(by, subject_id=subject_id, commune=particulars.place.commune)
    require_order(on, today=today, last=None)
    subject = Subject.registered(subject_id, particulars, on=on)
    subjects.save(subject)
    return Registered(subject=subject, is_new=True, changed=())
