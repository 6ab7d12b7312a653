"""A council's members read a dossier once they are cleared for it, and nobody of the council before, by no door."""

import json
from uuid import UUID, uuid4

import pytest

from chassis.hearing import Hearer
from contracts.envelope import Event, from_structured
from contracts.evaluation import MembersCleared, pseudonym
from regulation.acting import Actor, Grant, Role
from services.registration.hearing import reactions
from tests.builders.registration import (
    COMMUNE,
    ERAS,
    PROVINCE,
    a_producer,
    an_actor,
    an_officer,
    the_agency,
)
from tests.registration.desk import Desk, report
from tests.registration.test_hearing import EXAMPLES

ERA = ERAS["QD26-2026"]
MEMBER = Actor(id="member-1", grants=(Grant(role=Role.MEMBER, area=PROVINCE),))
OTHER = Actor(id="member-2", grants=(Grant(role=Role.MEMBER, area=PROVINCE),))
OFFICER_ON_IT = Actor(
    id="member-3",
    grants=(
        Grant(role=Role.MEMBER, area=PROVINCE),
        Grant(role=Role.OCOP_OFFICER, area=PROVINCE),
        Grant(role=Role.SECRETARY, area=PROVINCE),
        Grant(role=Role.COMMUNE_OFFICER, area=COMMUNE),
    ),
)
COUNCIL = (MEMBER, OTHER, OFFICER_ON_IT)


@pytest.fixture(name="dossier")
def _dossier(desk: Desk) -> dict:
    """A verified dossier; nothing was heard of a council yet."""
    dossier_id = desk.submitted(ERA)
    body = report(ERA.pack_id) | {"on": str(ERA.later(1))}
    return desk.act("POST", f"/dossiers/{dossier_id}/verify", an_officer(), body)


def cleared(dossier: dict, *people: Actor, assessment: int = 7, sequence: int = 1) -> Event:
    """What evaluation says when these of the council are cleared."""
    id_ = UUID(dossier["id"])
    example = from_structured(json.loads((EXAMPLES / "MembersCleared.json").read_text()))
    said = {
        "dossier_id": id_,
        "assessment_id": UUID(int=assessment),
        "members": [pseudonym(id_, each.id) for each in COUNCIL],
        "cleared": [pseudonym(id_, each.id) for each in people],
    }
    data = MembersCleared().dump(MembersCleared().load(example.data) | said)
    return Event(
        id=uuid4(),
        source=example.source,
        type="MembersCleared",
        subject=str(UUID(int=assessment)),
        time=example.time,
        sequence=sequence,
        correlationid=str(UUID(int=assessment)),
        body=json.dumps(data),
    )


def hear(desk: Desk, *events: Event) -> None:
    Hearer(desk.database, reactions).hear(list(events))


def doors(dossier: dict) -> list[str]:
    """Every door behind which something of a dossier is read."""
    path = f"/dossiers/{dossier['id']}"
    held = dossier["components"]["M02"][0]["sha256"]
    forms = [f"{path}/forms/{number}?format=html" for number in ("02", "03")]
    return [path, f"{path}/evidence/{held}", *forms]


def offices_doors(dossier: dict) -> list[str]:
    path = f"/dossiers/{dossier['id']}"
    more = ("acts", "checklist", "self-assessment", "forms/01?format=html")
    return [*doors(dossier), *(f"{path}/{each}" for each in more)]


def answers(desk: Desk, paths: list[str], who: Actor) -> set[tuple[int, str | None]]:
    sent = [desk.send("GET", path, who) for path in paths]
    return {(a.status_code, a.get_json()["slug"] if a.status_code == 403 else None) for a in sent}


REFUSED = {(403, "not-cleared")}
SHOWN = {(200, None)}


def test_nobody_reads_as_a_member_before_evaluation_has_cleared_him(
    desk: Desk, dossier: dict
) -> None:
    before_any = answers(desk, doors(dossier), MEMBER)

    hear(desk, cleared(dossier))

    assert before_any == answers(desk, doors(dossier), MEMBER) == REFUSED


def test_who_is_cleared_reads_and_the_others_do_not(desk: Desk, dossier: dict) -> None:
    hear(desk, cleared(dossier), cleared(dossier, MEMBER, sequence=2))

    assert answers(desk, doors(dossier), MEMBER) == SHOWN
    assert answers(desk, doors(dossier), OTHER) == REFUSED


def test_who_sits_on_no_council_over_it_is_no_member_of_it(desk: Desk, dossier: dict) -> None:
    stranger = an_actor(Role.MEMBER, PROVINCE)

    hear(desk, cleared(dossier, *COUNCIL))

    assert answers(desk, doors(dossier), stranger) == REFUSED


def test_a_conflict_found_later_closes_the_dossier_again(desk: Desk, dossier: dict) -> None:
    hear(desk, cleared(dossier, MEMBER, OTHER), cleared(dossier, OTHER, sequence=2))

    assert answers(desk, doors(dossier), MEMBER) == REFUSED
    assert answers(desk, doors(dossier), OTHER) == SHOWN


def test_old_news_heard_again_or_late_changes_nothing(desk: Desk, dossier: dict) -> None:
    first, second = cleared(dossier, MEMBER), cleared(dossier, OTHER, sequence=2)

    hear(desk, second)
    hear(desk, first)
    hear(desk, first, second, first)

    assert answers(desk, doors(dossier), MEMBER) == REFUSED
    assert answers(desk, doors(dossier), OTHER) == SHOWN


def test_who_sits_over_it_is_a_member_first_whatever_office_he_holds_besides(
    desk: Desk, dossier: dict
) -> None:
    in_office = answers(desk, offices_doors(dossier), OFFICER_ON_IT)

    hear(desk, cleared(dossier))
    seated = answers(desk, offices_doors(dossier), OFFICER_ON_IT)
    hear(desk, cleared(dossier, OFFICER_ON_IT, sequence=2))

    assert (in_office, seated) == (SHOWN, REFUSED)
    assert answers(desk, offices_doors(dossier), OFFICER_ON_IT) == SHOWN


def test_who_sits_on_two_councils_over_it_is_cleared_by_both(desk: Desk, dossier: dict) -> None:
    hear(desk, cleared(dossier, MEMBER, OTHER))

    hear(desk, cleared(dossier, OTHER, assessment=8))

    assert answers(desk, doors(dossier), MEMBER) == REFUSED
    assert answers(desk, doors(dossier), OTHER) == SHOWN


def test_a_clearing_is_for_one_dossier(desk: Desk, dossier: dict) -> None:
    other = desk.submitted(ERA)
    path = f"/dossiers/{other}"
    desk.act("POST", f"{path}/verify", an_officer(), report() | {"on": str(ERA.later(1))})

    hear(desk, cleared(dossier, MEMBER))

    assert answers(desk, [path, f"{path}/forms/02?format=html"], MEMBER) == REFUSED


def test_a_dossier_taken_back_is_no_councils_any_more(desk: Desk, dossier: dict) -> None:
    hear(desk, cleared(dossier, MEMBER))

    path = f"/dossiers/{dossier['id']}/withdraw"
    desk.act("POST", path, an_officer(), {"on": str(ERA.later(2))})

    assert answers(desk, doors(dossier), MEMBER) == REFUSED
    assert answers(desk, doors(dossier), an_officer()) == SHOWN


def test_the_agency_the_secretary_and_the_producer_prepare_it_without_a_council(
    desk: Desk, dossier: dict
) -> None:
    hear(desk, cleared(dossier))

    for who in (
        the_agency(PROVINCE),
        an_actor(Role.SECRETARY, PROVINCE),
        a_producer(UUID(dossier["subject_id"])),
    ):
        assert answers(desk, doors(dossier), who) == SHOWN
