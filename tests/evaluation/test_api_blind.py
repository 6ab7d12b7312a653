"""What anybody is told before the sheets open does not depend on what a member ticked: by every door, as everybody.

The same scene is played twice, with another secret sheet each time; whatever differs in any answer, header, paper,
workbook or event is a leak. (Seen to fail with a sheet's total put beside `submitted` in `shown._progress`, and with
the draft of a named member in the secretary's workbook.)
"""

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import time_machine
from sqlalchemy import text

from chassis.database import Database
from chassis.hearing import Hearer
from chassis.migrating import migrate
from chassis.web.doors import table
from regulation.acting import Actor, Role
from services.evaluation.hearing import reactions
from tests.builders.evaluation import (
    AT,
    COMMUNE,
    DISTRICT,
    PROVINCE,
    Desk,
    a_member,
    a_product,
    a_secretary,
    a_verified_event,
    an_actor,
)

SECRETS = ({"A": 37, "B": 13, "C": 29}, {"A": 12, "B": 24})
"""What the chair has submitted in each playing: other points, another total, another number of ticks."""

SUBJECT, DOSSIER = UUID(int=21), UUID(int=22)
MORE = [
    {"id": "member-5", "role": "member", "substitute_for": "member-4"},
    {"id": "vice", "role": "vice-chair"},
]
BODIES: Mapping[str, Any] = {
    "advisory-report": {"conforms": True, "report_number": "1", "on": "2024-05-21"},
    "ask-supplement": {"what": "?", "on": "2024-05-21"},
    "supplement-received": {"on": "2024-05-22"},
    "attendance": {"present": ["member-1", "member-2", "member-3"], "on": "2024-05-23"},
    "declarations": {"conflict": False},
    "sheet": {"choices": {"A": 1}},
    "conclude": {"on": "2024-05-28"},
}
LEFT_ALONE = ("admit", "submit")
"""Acts that would end the scene."""


def everybody() -> Iterator[Actor]:
    """Every role in every area that it may have here, chair's deputy, members, substitute, several offices at once."""
    of = {
        Role.PRODUCER: (str(SUBJECT),),
        Role.COMMUNE_OFFICER: (COMMUNE,),
        Role.OPERATOR: (PROVINCE,),
    }
    for role in Role:
        for area in of.get(role, (DISTRICT, PROVINCE)):
            yield an_actor(role, area, id=f"{role.value}-{area}")
    yield a_secretary()
    yield from (a_member(number) for number in (2, 3, 4, 5, 9))
    yield an_actor(Role.MEMBER, id="vice")
    yield an_actor(Role.MEMBER, id="member-2", **{"council-secretary": DISTRICT})
    yield an_actor(Role.SECRETARY, id="many", **{"ocop-officer": PROVINCE, "operator": PROVINCE})


def the_scene(
    database: Database, data: Path, secret: dict[str, int]
) -> tuple[Desk, dict[str, str]]:
    """The chair has submitted the secret; member-2 has a draft, member-3 declared, member-4 is in conflict."""
    product = a_product(dossier_id=DOSSIER, subject_id=SUBJECT)
    Hearer(database, reactions).hear([a_verified_event(product)])
    desk = Desk(database, data)
    council, round_ = desk.set_up(4, more=MORE)
    of = f"/assessments/of-dossier/{DOSSIER}"
    path = f"/assessments/{desk.done('GET', of, a_secretary())[0]['id']}"
    desk.admit(path, round_)
    desk.score(path, 1, secret)
    for number, conflict in ((2, False), (3, False), (4, True)):
        body = {"conflict": conflict}
        desk.done("POST", f"{path}/declarations", a_member(number), body)
    desk.done("PUT", f"{path}/sheet", a_member(2), {"choices": {"A": 1}})
    names = {"council_id": council, "round_id": round_, "dossier_id": DOSSIER}
    return desk, {name: str(id_) for name, id_ in names.items()} | {"assessment_id": path[13:]}


def everything_told(database: Database, data: Path, secret: dict[str, int]) -> dict[str, Any]:
    """What every request of everybody is answered, by name, and what was said to other services."""
    desk, names = the_scene(database, data, secret)
    told: dict[str, Any] = {}
    for number, who in enumerate(everybody()):
        for verb, rule, roles in table(desk.app):
            if not roles or rule.endswith(LEFT_ALONE):
                continue
            address = rule.removeprefix("/evaluation")
            for name, value in names.items():
                address = address.replace(f"<uuid:{name}>", value)
            assert "<" not in address, f"the walk does not know how to fill {rule}"
            for query in _queries(verb, rule):
                body = None if verb == "GET" else BODIES.get(rule.rpartition("/")[2], {})
                answer = desk.ask(verb, address + query, who, body)
                told[f"{number} {who.id} {verb} {rule}{query}"] = (
                    answer.status_code,
                    sorted(answer.headers.items()),
                    _plain(answer.data, names),
                )
    with database.reading() as session:
        said = session.execute(text("SELECT type, body FROM outbox ORDER BY position")).all()
    return told | {"events": (200, [], _plain(repr(said).encode(), names))}


def _queries(verb: str, rule: str) -> tuple[str, ...]:
    """Papers as HTML, which says the same in a hundredth of the time; workbooks also as somebody else's."""
    if rule.endswith(".pdf"):
        return ("?format=html", "?format=html&member=member-1")
    if rule.endswith(".xlsx"):
        return ("", "?member=member-1", "?member=member-1&dry_run=true")
    return ("", "?limit=1") if verb == "GET" else ("",)


def _plain(content: bytes, names: Mapping[str, str]) -> str:
    """Readable, also a workbook; ids that are drawn anew in each playing by their names."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    words = content.decode("utf-8", "replace")
    for name, id_ in names.items():
        words = words.replace(id_, name)
    return words


def test_what_anybody_is_told_does_not_depend_on_an_unopened_sheet(tmp_path: Path) -> None:
    told = []
    for number, secret in enumerate(SECRETS):
        folder = tmp_path / str(number)
        folder.mkdir()
        database = Database("evaluation", f"sqlite:///{folder}/evaluation.sqlite")
        migrate(database)
        with time_machine.travel(AT.replace(year=2026), tick=False):
            told.append(everything_told(database, folder, secret))
        database.engine.dispose()

    first, second = told
    assert len(first) > 500
    assert {status for status, _, _ in first.values()} >= {200, 403, 404, 409}
    assert first.keys() == second.keys()
    differs = {door: (first[door], second[door]) for door in first if first[door] != second[door]}
    assert differs == {}
