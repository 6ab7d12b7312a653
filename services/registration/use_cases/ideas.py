"""Requests about product ideas."""

from datetime import date
from uuid import UUID

from regulation.acting import Actor
from regulation.days import require_order
from services.registration.domain.filing import require_filer
from services.registration.domain.idea import Idea
from services.registration.use_cases.ports import Ideas, Subjects


def propose_idea(
    subjects: Subjects,
    ideas: Ideas,
    *,
    idea_id: UUID,
    subject_id: UUID,
    by: Actor,
    title: str,
    on: date,
    today: date,
) -> Idea:
    """Propose a product idea. Raises UnknownUnit where the subject's commune was none on that day."""
    subject = subjects.get(subject_id)
    require_filer(by, subject_id=subject_id, commune=subject.place.commune)
    require_order(on, today=today, last=None)
    idea = Idea(
        id=idea_id,
        subject_id=subject_id,
        title=title,
        place=subject.place_on(on),
        proposed_on=on,
    )
    ideas.save(idea)
    return idea


def select_idea(
    ideas: Ideas, *, idea_id: UUID, by: Actor, year: int, on: date, today: date
) -> Idea:
    """Take an idea into a year's list."""
    idea = ideas.get(idea_id)
    idea.select(by=by, year=year, on=on, today=today)
    ideas.save(idea)
    return idea
