"""The one blueprint of registration, who sees what lies in an area, and how an act on a dossier is answered."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from chassis.web.command import names_version, seen_version, session, tagged
from chassis.web.doors import actor
from chassis.web.noting import note
from regulation.acting import Place, Role
from regulation.refusals import NotAllowed
from services.registration import messages
from services.registration.domain.dossier import Dossier, Status
from services.registration.domain.seats import NotCleared, is_seated
from services.registration.storage import SqlDossiers, SqlSeats

blueprint = Blueprint("registration", __name__, description="Subjects, ideas, dossiers")

FILERS = (Role.PRODUCER, Role.COMMUNE_OFFICER)
"""Who brings things in."""

OFFICES = (Role.COMMUNE_OFFICER, Role.OCOP_OFFICER, Role.SECRETARY, Role.AUTHORITY)
"""Who works with the cases of their area."""

READERS = (Role.PRODUCER, *OFFICES)
"""Who reads a case with everything in it, also the data of its people."""


def require_sight(subject_id: UUID, place: Place, *offices: Role) -> None:
    """The producer sees its own, these offices what lies in their area. Raises NotAllowed."""
    who = actor()
    if who.holds(Role.PRODUCER, str(subject_id)):
        return
    require_office(place, *offices)


def require_reader(dossier: Dossier, *roles: Role) -> None:
    """Its producer, these offices of its area, and where `roles` names them its councils' members read a dossier.

    Whoever sits on one of them is a member first, whatever office he holds besides. Raises NotAllowed, NotCleared.
    """
    who = actor()
    if who.holds(Role.PRODUCER, str(dossier.subject_id)):
        return
    councils = SqlSeats(session()).of_dossier(dossier.id)
    seated = is_seated(councils, messages.seated_as(dossier.id, who))
    require_office(dossier.place, *roles)
    offices = [role for role in roles if role is not Role.MEMBER]
    if any(who.holds(role, *dossier.place.codes) for role in offices):
        return
    if not seated or dossier.status is not Status.VERIFIED:
        raise NotCleared(
            "this dossier is not before a council that you sit on and have declared to"
        )


def require_office(place: Place, *offices: Role) -> None:
    """These offices see what lies in their area. Raises NotAllowed."""
    who = actor()
    if not any(who.holds(role, *place.codes) for role in offices):
        raise NotAllowed("this lies outside your area")


def seen_dossier(dossier_id: UUID) -> None:
    """The caller acts on the newest version, where If-Match says on which.

    Raises UnknownDossier, VersionMismatch; NotAllowed rather than telling a stranger the version.
    """
    dossier = SqlDossiers(session()).get(dossier_id)
    if names_version():
        require_sight(dossier.subject_id, dossier.place, *OFFICES)
        seen_version(dossier.version)


def answer(dossier: Dossier, act: str, status: int = 200, **grounds: Any) -> Any:
    """The dossier as it stands after the act, which is recorded."""
    note(act, dossier.id, rulepack=dossier.pack_id, **grounds)
    return tagged(dossier, dossier.version, status)
