"""`ocop dead-letters`: what could not be heard is shown, mended, sent again or given up, by somebody, for a reason."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.audit.report import take
from tests.cli.calling import assert_mistake
from tests.cli.mailroom import Mailroom, let_die

WHY = ("--why", "a test", "--by", "operator-1")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    """An embedded instance."""
    made = Mailroom(tmp_path)
    yield made
    made.close()


def test_a_letter_tells_why_it_died_and_what_it_carries(room: Mailroom) -> None:
    let_die(room, "Chè lam")

    told = room.ocop.json("dead-letters", "show", "reporting/1")

    assert told["reason"].startswith("ValidationError: {'received_on'")
    assert told["exception"] == "ValidationError"
    assert told["frame"].startswith("services/reporting/messages.py:")
    assert (told["state"], told["attempts"], told["deaths"]) == ("waiting", 1, 1)
    assert told["event"]["type"] == "DossierSubmitted"
    assert told["event"]["data"]["product_name"] == "Chè lam"


def test_letters_of_one_kind_are_one_group(room: Mailroom) -> None:
    let_die(room, "Chè lam", "Mắm tép")
    idea = room.way("Gốm").selected()
    room.say(idea, title=None)
    room.carry()

    found = room.ocop.json("dead-letters", "groups")

    assert [(each["type"], each["letters"]) for each in found] == [
        ("DossierSubmitted", 2),
        ("IdeaSelected", 1),
    ]
    assert "DossierSubmitted" in room.ocop("dead-letters", "groups").stdout


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), ["reporting/1", "reporting/2"]),
        (("--type", "IdeaSelected"), ["reporting/2"]),
        (("--reason", "RECEIVED_ON"), ["reporting/1"]),
        (("--service", "promotion"), []),
        (("--since", "2020-01-01", "--limit", "1"), ["reporting/1"]),
        (("--since", "1h", "reporting/2"), ["reporting/2"]),
        (("--state", "discarded"), []),
    ],
)
def test_letters_are_chosen_by_what_they_have_in_common(
    room: Mailroom, words: tuple[str, ...], found: list[str]
) -> None:
    let_die(room, "Chè lam")
    room.say(room.way("Gốm").selected(), title=None)
    room.carry()

    listed = room.ocop.json("dead-letters", "list", *words)

    assert [each["letter"] for each in listed] == found


def test_a_mended_letter_is_heard_and_what_waited_behind_it_too(room: Mailroom) -> None:
    let_die(room, "Chè lam")
    body = json.dumps(
        room.ocop.json("dead-letters", "show", "reporting/1")["event"]["data"]
        | {"received_on": "2024-04-01"}
    )
    before = (room.heard(), room.parked())

    edited = room.ocop("dead-letters", "edit", "reporting/1", "--body", "-", *WHY, given=body)
    sent = room.ocop("dead-letters", "redrive", "reporting/1", *WHY)

    assert edited.exit_code == 0, edited.output
    assert (sent.exit_code, sent.stdout) == (0, "1 heard\n"), sent.output
    assert (before, (room.heard(), room.parked())) == ((0, 1), (2, 0))
    assert [letter.state for letter in room.letters()] == ["redriven"]
    assert [(act.act, act.actor, act.role) for act in room.acts()] == [
        ("edit", "operator-1", "operator"),
        ("redrive", "operator-1", "operator"),
    ]
    assert json.loads(room.acts()[1].grounds)["why"] == "a test"
    assert (
        take(room.house).is_clean is False
    )  # an event behind was heard; dossiers are known nowhere else


def test_an_edit_that_breaks_the_contract_is_not_taken(room: Mailroom) -> None:
    let_die(room, "Chè lam")

    broken = room.ocop("dead-letters", "edit", "reporting/1", "--body", "-", *WHY, given="{}")
    no_event = room.ocop("dead-letters", "edit", "reporting/1", "--header",
                         "cloudEvents_sequence=0", *WHY)  # fmt: skip

    assert_mistake(broken, "breaks the contract")
    assert_mistake(no_event, "sequence 0 is below 1")
    assert room.acts() == []


def test_a_redrive_stops_at_the_first_that_fails_anew(room: Mailroom) -> None:
    let_die(room, "Chè lam", "Mắm tép")

    result = room.ocop("dead-letters", "redrive", "--all", *WHY)

    assert result.exit_code == 1
    assert result.stdout == "1 dead again\n"
    assert "stopped: reporting/1 has failed anew: ValidationError" in result.stderr
    assert [(each.state, each.deaths) for each in room.letters()] == [
        ("waiting", 2),
        ("waiting", 1),
    ]


def test_what_was_heard_all_the_same_is_not_heard_twice(room: Mailroom) -> None:
    let_die(room, "Chè lam")
    body = json.dumps(json.loads(room.letters()[0].body) | {"received_on": "2024-04-01"})
    room.ocop("dead-letters", "edit", "reporting/1", "--body", "-", *WHY, given=body)
    room.ocop("dead-letters", "redrive", "reporting/1", *WHY)
    with room.house.database("reporting").transaction() as session:
        session.connection().exec_driver_sql("UPDATE dead_letters SET state = 'waiting'")
    rows = room.count("reporting", "events")

    again = room.ocop("dead-letters", "redrive", "reporting/1", *WHY)

    assert again.stdout == "1 heard\n"
    assert room.count("reporting", "events") == rows


def test_a_dry_run_sends_and_gives_up_nothing(room: Mailroom) -> None:
    let_die(room, "Chè lam")

    redrive = room.ocop("dead-letters", "redrive", "--all", "--dry-run", *WHY)
    discard = room.ocop("dead-letters", "discard", "--all", "--dry-run", *WHY)

    assert "reporting/1" in redrive.stdout
    assert "reporting/1" in discard.stdout
    assert [letter.state for letter in room.letters()] == ["waiting"]
    assert room.acts() == []


def test_a_decision_needs_a_reason_and_letters(room: Mailroom) -> None:
    assert_mistake(room.ocop("dead-letters", "discard", "--all"), "--why")
    assert_mistake(room.ocop("dead-letters", "discard", *WHY), "name letters", "--all")
    assert_mistake(room.ocop("dead-letters", "show", "nobody/1"), "SERVICE/NUMBER")
    assert_mistake(room.ocop("dead-letters", "show", "reporting/1"), "no dead letter")


def test_what_is_given_up_never_has_an_effect_and_frees_what_waits_behind_it(
    room: Mailroom,
) -> None:
    let_die(room, "Chè lam")
    way = room.way("Mắm tép")  # a dossier of its own
    room.say(way.submitted())
    room.carry()

    result = room.ocop("dead-letters", "discard", "reporting/1", *WHY)
    replayed = room.ocop.json("events", "replay", "--to", "reporting", "--from-start")

    assert result.stdout == "1 given up\n"
    assert room.parked() == 0
    assert room.letters()[0].state == "discarded"
    assert (room.letters()[0].decided_by, room.letters()[0].why) == ("operator-1", "a test")
    assert replayed == {"duplicate": 3}
    delivery = take(room.house).delivery
    (line,) = (each for each in delivery.lines if each.type == "DossierSubmitted")
    assert line.fates["given up"] == 1
    assert line.is_right


def test_an_export_holds_every_letter_as_it_is(room: Mailroom, tmp_path: Path) -> None:
    let_die(room, "Chè lam", "Mắm tép")

    result = room.ocop("dead-letters", "export", "--to", str(tmp_path / "letters.jsonl"))

    lines = (tmp_path / "letters.jsonl").read_text().splitlines()
    names = [json.loads(line)["event"]["data"]["product_name"] for line in lines]
    assert result.exit_code == 0
    assert names == ["Chè lam", "Mắm tép"]
    assert room.ocop.json("dead-letters", "export")[0]["letter"] == "reporting/1"
