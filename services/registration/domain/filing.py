"""Who brings things in: the producer itself, or the officer of its commune who enters paper for it."""

from uuid import UUID

from regulation.acting import Actor, Role
from regulation.refusals import NotAllowed


def is_filer(by: Actor, *, subject_id: UUID, commune: str) -> bool:
    """Whether the actor is that producer, or an officer of that commune."""
    return by.holds(Role.PRODUCER, str(subject_id)) or by.holds(Role.COMMUNE_OFFICER, commune)


def require_filer(by: Actor, *, subject_id: UUID, commune: str) -> None:
    """Raises NotAllowed unless the actor is that producer, or an officer of that commune."""
    if not is_filer(by, subject_id=subject_id, commune=commune):
        raise NotAllowed(f"this is for the producer {subject_id} or an officer of {commune}")
