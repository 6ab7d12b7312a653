"""Rows of dossiers as requests: the subject, its idea on the year's list, and the dossier, begun but not yet filed."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from chassis.clock import today
from cli.importing.areas import commune
from cli.importing.desk import Desk, RowRefused
from cli.importing.reading import Row
from regulation.acting import Grant, Role
from regulation.refusals import Refusal
from regulation.territory import territory

NAMESPACE = UUID("0c0b1000-0000-5000-8000-000000000000")
"""The same subject, idea and dossier has the same id in every import: nothing comes in twice."""

SUBJECT = ("kind", "legal_name", "public_name", "representative", "phone", "tax_code")


class Dossiers:
    """Imports dossiers row by row."""

    def __init__(self, desk: Desk, province: str) -> None:
        self._desk = desk
        self._province = province
        self._subjects: dict[UUID, tuple[int, dict[str, Any]]] = {}

    def take(self, row: Row) -> str:
        """What came of a row. Raises RowRefused."""
        values = row.values
        on = _day(values.get("on"))
        place = self._place(values.get("commune", ""), on)
        subject = {name: values.get(name) for name in SUBJECT} | {"commune": place[0]}
        subject_id = uuid5(NAMESPACE, f"subject/{_identity(subject)}")
        self._require_same(row.number, subject_id, subject)
        self._ask("PUT", f"subjects/{subject_id}", subject | {"on": on}, place)
        idea_id = self._idea(subject_id, values, on, place)
        dossier_id = uuid5(NAMESPACE, f"dossier/{subject_id}/{_product(values, on)}")
        self._ask(
            "PUT", f"dossiers/{dossier_id}", _dossier(subject_id, idea_id, values, on), place
        )
        return str(dossier_id)

    def _place(self, text: str, on: str) -> tuple[str, ...]:
        """The commune's code and those above it."""
        day = date.fromisoformat(on)
        try:
            code = commune(text, province=self._province, on=day)
        except Refusal as error:
            raise RowRefused(str(error), "commune") from error
        return tuple(unit.code for unit in territory(day).chain(code))

    def _require_same(self, number: int, subject_id: UUID, subject: dict[str, Any]) -> None:
        """Two rows of one subject say the same of it."""
        first, known = self._subjects.setdefault(subject_id, (number, subject))
        for name, value in subject.items():
            if known[name] != value:
                raise RowRefused(
                    f"{name}: row {first} says {known[name]!r} of the same subject", name
                )

    def _idea(
        self, subject_id: UUID, values: dict[str, str], on: str, place: tuple[str, ...]
    ) -> str | None:
        """A first dossier follows a selected idea; one that is on the list already serves again."""
        if values.get("purpose", "first") != "first":
            return None
        title, year = values.get("product_name", ""), on[:4]
        idea_id = uuid5(NAMESPACE, f"idea/{subject_id}/{title}/{year}")
        idea = {"subject_id": str(subject_id), "title": title, "on": on}
        self._ask("PUT", f"ideas/{idea_id}", idea, place)
        self._ask("POST", f"ideas/{idea_id}/select", {"year": int(year), "on": on}, place)
        return str(idea_id)

    def _ask(self, verb: str, path: str, body: dict[str, Any], place: tuple[str, ...]) -> None:
        given = {name: value for name, value in body.items() if value is not None}
        self._desk.ask(verb, f"/registration/{path}", given, *_grants(place))


def _grants(place: tuple[str, ...]) -> Iterator[Grant]:
    yield Grant(role=Role.COMMUNE_OFFICER, area=place[0])
    for above in place[1:]:
        yield Grant(role=Role.OCOP_OFFICER, area=above)


def _identity(subject: dict[str, Any]) -> str:
    return str(subject["tax_code"] or f"{subject['legal_name']}/{subject['commune']}")


def _product(values: dict[str, str], on: str) -> str:
    """What makes a dossier of a subject the same one again."""
    return f"{values.get('product_name')}/{values.get('purpose', 'first')}/{on[:4]}"


def _dossier(
    subject_id: UUID, idea_id: str | None, values: dict[str, str], on: str
) -> dict[str, Any]:
    named = ("product_name", "criteria_set", "purpose", "pack")
    given = {name: values.get(name) for name in named}
    return given | {"subject_id": str(subject_id), "idea_id": idea_id, "on": on}


def _day(text: str | None) -> str:
    """A day in ISO form, today when left out. Raises RowRefused."""
    if text is None:
        return today().isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RowRefused(f"on: {text!r} is no day: write it as YYYY-MM-DD", "on") from None
