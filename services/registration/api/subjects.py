"""Producing entities over HTTP."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from chassis.clock import today
from chassis.people import pseudonym
from chassis.web.app import resources
from chassis.web.command import command, names_version, query, seen_version, session, tagged
from chassis.web.doors import actor, open_to
from chassis.web.noting import note
from services.registration import use_cases
from services.registration.api.blueprint import (
    FILERS,
    OFFICES,
    READERS,
    blueprint,
    require_sight,
)
from services.registration.domain.places import place_of
from services.registration.domain.subject import Particulars
from services.registration.schemas.given import RegisterSubject
from services.registration.schemas.shown import SubjectShown
from services.registration.storage import SqlSubjects
from services.registration.use_cases import Registered


@blueprint.route("/subjects/<uuid:subject_id>")
class SubjectView(MethodView):
    """One producing entity."""

    @open_to(*FILERS)
    @command
    @blueprint.arguments(RegisterSubject)
    @blueprint.response(200, SubjectShown, description="Changed, or known as it is")
    @blueprint.alt_response(201, schema=SubjectShown, description="Registered")
    def put(self, given: dict[str, Any], subject_id: UUID) -> Any:
        """Register a producing entity under an id that the caller makes up, or change it.

        Its dossiers keep their place when it moves to another commune. The same again changes nothing.
        """
        _seen_subject(subject_id)
        on = given.pop("on") or today()
        keep_person, person = _person(given)
        registered = use_cases.register_subject(
            SqlSubjects(session()),
            subject_id=subject_id,
            particulars=Particulars(
                place=place_of(given.pop("commune"), on), representative_person=person, **given
            ),
            keep_person=keep_person,
            by=actor(),
            on=on,
            today=today(),
        )
        _note(registered)
        subject = registered.subject
        return tagged(subject, subject.version, 201 if registered.is_new else 200)

    @open_to(*READERS)
    @query
    @blueprint.response(200, SubjectShown)
    def get(self, subject_id: UUID) -> Any:
        """A producing entity, for itself and the offices of its area."""
        subject = SqlSubjects(session()).get(subject_id)
        require_sight(subject_id, subject.place, *OFFICES)
        return tagged(subject, subject.version)


def _person(given: dict[str, Any]) -> tuple[bool, str | None]:
    """Whether the representative's number was left out; his pseudonym. Raises NoPseudonymKey."""
    left_out = "representative_personal_number" not in given
    number = given.pop("representative_personal_number", None)
    return left_out, number and pseudonym(number, resources().settings)


def _seen_subject(subject_id: UUID) -> None:
    """If-Match names the newest version. Raises VersionMismatch; NotAllowed rather than telling a stranger."""
    if not names_version():
        return
    known = SqlSubjects(session()).find(subject_id)
    if known is not None:
        require_sight(subject_id, known.place, *OFFICES)
    seen_version(known.version if known else 0)


def _note(registered: Registered) -> None:
    """What was changed is recorded by name, never by value: these are the data of people."""
    subject = registered.subject
    grounds = {"kind": subject.particulars.kind.value, "commune": subject.place.commune}
    if registered.is_new:
        note("register-subject", subject.id, on=subject.last_on, **grounds)
    elif registered.changed:
        note(
            "change-subject",
            subject.id,
            on=subject.last_on,
            changed=registered.changed,
            **grounds,
        )
