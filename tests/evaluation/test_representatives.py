"""Who represents subjects in law is heard from registration, and shows conflicts from then on."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import MetaData, select

from chassis.database import Database
from chassis.hearing import Hearer
from chassis.people import pseudonym
from contracts.evaluation import pseudonym as name_in_events
from services.evaluation import queries
from services.evaluation.documents.minutes import minutes_paper
from services.evaluation.domain.facts import Product
from services.evaluation.domain.interests import Ties
from services.evaluation.domain.minutes import Minutes, digest
from services.evaluation.hearing import reactions
from services.evaluation.storage import SqlAssessments, SqlRepresentatives
from services.evaluation.storage.representatives import ties_of
from tests.builders.evaluation import (
    PARTS,
    Desk,
    a_member,
    a_named_event,
    a_product,
    a_secretary,
    a_verified_event,
    an_assessment,
    the_settings,
)

HIS, OF_ANOTHER, FREE = "038187001234", "038187005678", "038187009999"
ON = {"on": "2024-05-28"}


@pytest.fixture(name="any_desk")
def _any_desk(database: Database, tmp_path: Any) -> Desk:
    """The API on each kind of database."""
    return Desk(database, tmp_path)


class Scene:
    """A dossier before a council on which `person` has the last seat, the others being strangers."""

    def __init__(self, desk: Desk, database: Database, tmp_path: Any, **person: Any) -> None:
        self.desk, self.database = desk, database
        self._settings = the_settings(tmp_path)
        self.product, self.sister = a_product(), uuid4()
        self._sequences: dict[UUID, int] = {}
        more = [{"id": "member-4", "role": "member", "personal_number": FREE} | person]
        self.council, self.round = desk.set_up(3, more=more)
        Hearer(database, reactions).hear([a_verified_event(self.product)])

    @property
    def path(self) -> str:
        of = f"/assessments/of-dossier/{self.product.dossier_id}"
        return f"/assessments/{self.desk.done('GET', of, a_secretary())[0]['id']}"

    def names(self, subject: UUID, number: str | None) -> None:
        """Registration says who represents it."""
        person = number and pseudonym(number, self._settings)
        self._sequences[subject] = self._sequences.get(subject, 0) + 1
        event = a_named_event(subject, person, sequence=self._sequences[subject])
        heard = Hearer(self.database, reactions).hear([event])
        assert [each.verdict for each in heard] == ["heard"]

    def shown(self) -> dict[str, Any]:
        """As the secretary is shown it."""
        found: dict[str, Any] = self.desk.done("GET", self.path, a_secretary())
        return found

    def grounds(self) -> list[tuple[str, str | None, bool]]:
        return [
            (each["member"], each["ground"], each["by_data"]) for each in self.shown()["grounds"]
        ]

    def declares(self, *numbers: int) -> None:
        for number in numbers:
            self.desk.done(
                "POST", f"{self.path}/declarations", a_member(number), {"conflict": False}
            )

    def concludes(self) -> None:
        """The three strangers take the dossier into their round, score it and conclude."""
        self.desk.admit(self.path, self.round)
        for number in (1, 2, 3):
            self.desk.score(self.path, number, PARTS)
        self.desk.done("POST", f"{self.path}/conclude", a_secretary(), ON)

    def cleared(self) -> list[Any]:
        """Whom each `MembersCleared` names, how many."""
        rows = _rows(self.database, "outbox")
        return [
            json.loads(row["body"])["cleared"] for row in rows if row["type"] == "MembersCleared"
        ]


def _rows(database: Database, *names: str) -> list[Any]:
    metadata = MetaData()
    metadata.reflect(database.engine)
    with database.engine.connect() as connection:
        return [
            row
            for table in metadata.sorted_tables
            if not names or table.name in names
            for row in connection.execute(select(table)).mappings()
        ]


def test_the_representative_himself_is_blocked_before_he_says_anything(
    any_desk: Desk, database: Database, tmp_path: Any
) -> None:
    scene = Scene(any_desk, database, tmp_path, personal_number="038.187.001.234")
    scene.names(scene.product.subject_id, HIS)
    any_desk.admit(scene.path, scene.round)

    shown = scene.shown()

    assert shown["conflicts"] == ["member-4"]
    assert scene.grounds() == [("member-4", "same-person", True)]
    assert shown["grounds"][0]["text"]["en"] == "the member is the subject's legal representative"
    assert shown["not_compared"] == ["member-1", "member-2", "member-3"]
    refused = any_desk.ask("PUT", f"{scene.path}/sheet", a_member(4), {"choices": {}})
    assert (refused.status_code, refused.json["slug"]) == (403, "conflict-of-interest")
    mine = any_desk.done("GET", scene.path, a_member(4))["mine"]
    assert (mine["conflict"], mine["ground"]["ground"]) == (True, "same-person")


def test_a_member_tied_to_a_sister_subject_is_blocked_and_an_unrelated_one_is_not(
    any_desk: Desk, database: Database, tmp_path: Any
) -> None:
    sister = uuid4()
    scene = Scene(any_desk, database, tmp_path, interests=[str(sister)])
    scene.names(sister, HIS)
    scene.names(scene.product.subject_id, OF_ANOTHER)
    any_desk.admit(scene.path, scene.round)
    apart = scene.grounds()

    scene.names(scene.product.subject_id, HIS)

    assert apart == []
    assert scene.grounds() == [("member-4", "same-representative", True)]


def test_what_is_heard_late_takes_the_clearing_back_and_opens_the_sheets_that_waited_for_him(
    any_desk: Desk, database: Database, tmp_path: Any
) -> None:
    scene = Scene(any_desk, database, tmp_path, personal_number=HIS)
    any_desk.admit(scene.path, scene.round)
    for number in (1, 2, 3):
        any_desk.score(scene.path, number, PARTS)
    scene.declares(4)
    before = scene.shown()["status"]

    scene.names(scene.product.subject_id, HIS)

    him = str(name_in_events(scene.product.dossier_id, "member-4"))
    told = scene.cleared()
    assert (him in told[-2], him in told[-1], len(told[-1])) == (True, False, 3)
    assert (before, scene.shown()["status"]) == ("scoring", "opened")


def test_a_number_that_is_taken_away_or_corrected_frees_him(
    any_desk: Desk, database: Database, tmp_path: Any
) -> None:
    scene = Scene(any_desk, database, tmp_path, personal_number=HIS)
    any_desk.admit(scene.path, scene.round)
    scene.names(scene.product.subject_id, HIS)
    blocked = scene.grounds()

    scene.names(scene.product.subject_id, None)
    freed = scene.grounds()
    scene.declares(4)

    assert (len(blocked), freed) == (1, [])
    assert len(scene.cleared()[-1]) == 1


def test_what_was_concluded_stays_as_its_minutes_have_it(
    any_desk: Desk, database: Database, tmp_path: Any
) -> None:
    scene = Scene(any_desk, database, tmp_path, personal_number=HIS)
    scene.names(scene.product.subject_id, HIS)
    scene.concludes()

    scene.names(scene.product.subject_id, OF_ANOTHER)

    minutes = any_desk.done("GET", f"{scene.path}/minutes", a_secretary())
    document = minutes["document"]
    assert scene.grounds() == [("member-4", "same-person", True)]
    assert document["form"] == "ocop-minutes/3"
    assert document["grounds"] == {"member-4": {"ground": "same-person", "by_data": True}}
    for number in (HIS, FREE):
        assert pseudonym(number, the_settings(tmp_path)) not in minutes["text"]
    assert printed(minutes["text"]) == (
        "theo dữ liệu: thành viên chính là người đại diện theo pháp luật của chủ thể"
    )


def printed(text: str) -> str:
    """What the minutes on paper tell of member-4's conflict."""
    kept = Minutes(assessment_id=uuid4(), text=text, sha256=digest(text))
    found: str = next(each for each in minutes_paper(kept)["members"] if each["id"] == "member-4")[
        "ground"
    ]
    return found


def test_minutes_of_the_form_before_are_printed_as_they_were(
    desk: Desk, sqlite: Database, tmp_path: Any
) -> None:
    scene = Scene(desk, sqlite, tmp_path, personal_number=HIS)
    scene.names(scene.product.subject_id, HIS)
    scene.concludes()
    document = desk.done("GET", f"{scene.path}/minutes", a_secretary())["document"]
    del document["grounds"]

    assert printed(json.dumps(document)) == (
        "theo dữ liệu: sản phẩm của chủ thể mà thành viên là đại diện hoặc có lợi ích"
    )


def test_a_members_number_is_nowhere_and_stays_where_it_is_left_out(
    any_desk: Desk, database: Database, tmp_path: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(any_desk, database, tmp_path, personal_number=HIS)
    where = f"/councils/{scene.council}"
    shown = any_desk.done("GET", where, a_secretary())
    body = {name: shown[name] for name in shown if name not in ("id", "version")}
    again = any_desk.done("PUT", where, a_secretary(), body)
    wrong = body | {"members": [body["members"][0] | {"personal_number": "0381"}]}
    refused = any_desk.ask("PUT", where, a_secretary(), wrong)
    scene.names(scene.product.subject_id, HIS)
    any_desk.admit(scene.path, scene.round)

    assert (refused.status_code, again["version"]) == (422, shown["version"])
    assert scene.grounds() == [("member-4", "same-person", True)]
    captured = capfd.readouterr()
    everything = json.dumps([dict(row) for row in _rows(database)], default=str)
    for number in (HIS, FREE):
        assert number not in everything + json.dumps(shown) + captured.out + captured.err
    assert "personal_number" not in json.dumps(shown)


def test_null_takes_a_members_number_away(desk: Desk, sqlite: Database, tmp_path: Any) -> None:
    scene = Scene(desk, sqlite, tmp_path, personal_number=HIS)
    where = f"/councils/{scene.council}"
    shown = desk.done("GET", where, a_secretary())
    body = {name: shown[name] for name in shown if name not in ("id", "version")}
    body["members"][-1]["personal_number"] = None
    desk.done("PUT", where, a_secretary(), body)
    scene.names(scene.product.subject_id, HIS)
    desk.admit(scene.path, scene.round)

    assert scene.grounds() == []
    assert "member-4" in scene.shown()["not_compared"]


def test_ties_are_read_for_many_subjects_at_once(
    database: Database, tmp_path: Any, any_desk: Desk
) -> None:
    scene = Scene(any_desk, database, tmp_path)
    one, two, alone, unknown = uuid4(), uuid4(), uuid4(), uuid4()
    for subject, number in ((one, HIS), (two, HIS), (alone, FREE)):
        scene.names(subject, number)
    his, free = (pseudonym(each, the_settings(tmp_path)) for each in (HIS, FREE))

    with database.reading() as session:
        found = ties_of(session, [one, two, alone, unknown])

    assert found == {
        one: Ties(representative=his, subjects=frozenset({two})),
        two: Ties(representative=his, subjects=frozenset({one})),
        alone: Ties(representative=free),
    }


def test_two_subjects_of_one_person_named_at_once_both_end_up_tied(database: Database) -> None:
    one, two, said = uuid4(), uuid4(), Event()

    def second() -> frozenset[UUID]:
        said.wait()
        with database.transaction() as session:
            return SqlRepresentatives(session).name(two, "k-his")

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            first = SqlRepresentatives(session).name(one, "k-his")
            later = pool.submit(second)
            said.set()
            time.sleep(0.5)
        concerned = later.result(timeout=30)

    assert first == {one}
    assert concerned == {one, two}


def test_an_open_assessment_has_the_ties_of_now_however_it_is_read(database: Database) -> None:
    """Also where it was last saved before they were known."""
    waits, ended = an_assessment(), an_assessment()
    ended = replace(ended, product=replace(ended.product, subject_id=waits.product.subject_id))
    ended.withdraw()
    with database.transaction() as session:
        for each in (waits, ended):
            SqlAssessments(session).save(each)
    subject = waits.product.subject_id
    with database.transaction() as session:
        SqlRepresentatives(session).name(subject, "k-his")
        to_act_on = SqlAssessments(session).open_of([subject])

    with database.reading() as session:
        who: dict[str, Any] = {"session": session, "actor": a_secretary()}
        listed = queries.listed(**who, status="waiting", limit=9, after=None)
        of_dossier = queries.of_dossier(**who, dossier_id=waits.product.dossier_id)
        one = SqlAssessments(session).read(waits.id)
        over = SqlAssessments(session).read(ended.id)

    read = [*to_act_on, *listed, *of_dossier, one]
    assert [each.id for each in read] == [waits.id] * 4
    assert {each.interests.ties.representative for each in read} == {"k-his"}
    assert over.interests.ties == Ties()


def test_lists_show_a_blocked_member_no_more_than_one_that_is_read(
    desk: Desk, sqlite: Database, tmp_path: Any
) -> None:
    scene = Scene(desk, sqlite, tmp_path, personal_number=HIS)
    desk.admit(scene.path, scene.round)
    scene.declares(4)
    (before,) = desk.done("GET", "/assessments", a_member(4))

    scene.names(scene.product.subject_id, HIS)

    (after,) = desk.done("GET", "/assessments", a_member(4))
    (of_dossier,) = desk.done(
        "GET", f"/assessments/of-dossier/{scene.product.dossier_id}", a_member(4)
    )
    assert "criteria_set" in before
    assert "criteria_set" not in after.keys() | of_dossier.keys()


def test_a_dossier_of_the_same_subject_that_comes_later_is_blocked_too(
    desk: Desk, sqlite: Database, tmp_path: Any
) -> None:
    scene = Scene(desk, sqlite, tmp_path, personal_number=HIS)
    scene.names(scene.product.subject_id, HIS)
    later: Product = replace(a_product(), subject_id=scene.product.subject_id)
    Hearer(sqlite, reactions).hear([a_verified_event(later)])
    scene.product = later
    desk.admit(scene.path, scene.round)

    assert scene.grounds() == [("member-4", "same-person", True)]
