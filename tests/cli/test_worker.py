"""A worker as its own process on a real broker and database: one effect per event, whatever happens to it."""

import signal
import sys
import zlib
from pathlib import Path

import amqp
import pytest

from contracts.envelope import PREFIX
from tests.cli.conftest import Room, wait_until

pytestmark = pytest.mark.system


def test_every_event_has_one_effect(room: Room) -> None:
    room.work()

    room.say(300)

    wait_until(lambda: room.heard() == 300)
    assert room.had_effect() == 300
    assert room.dead() == []


def test_a_refused_event_lies_among_the_dead_letters_with_its_reason_and_spoils_no_other(
    room: Room,
) -> None:
    room.work()

    (refused,) = room.say(refuse=True)
    room.say(5)

    wait_until(lambda: room.had_effect() == 5)
    (letter,) = _letters(room, 1)
    assert letter.headers["ocop-reason"] == "not-to-my-taste: nobody wants this"
    assert letter.headers[PREFIX + "subject"] == refused
    assert room.had_effect(refused) == 0


def test_undecodable_messages_lie_among_the_dead_letters_as_they_came(room: Room) -> None:
    room.work()

    for number, (body, headers, encoding, _) in enumerate(UNDECODABLE):
        tagged = headers | {"number": number}
        room.publish(body, tagged, content_type="application/json", content_encoding=encoding)

    letters = {letter.headers["number"]: letter for letter in _letters(room, len(UNDECODABLE))}
    for number, (body, headers, _, reason) in enumerate(UNDECODABLE):
        letter = letters[number]
        assert reason in letter.headers["ocop-reason"]
        assert bytes(letter.body) == body
        assert {name: letter.headers[name] for name in headers} == headers


def test_a_compressed_event_is_an_event(room: Room) -> None:
    room.work()

    room.publish(zlib.compress(b"{}"), WHOLE | {"compression": "application/x-gzip"})

    wait_until(lambda: room.had_effect("s-1") == 1)


def test_an_event_of_an_unknown_type_lies_among_the_dead_letters(room: Room) -> None:
    room.work()

    room.publish(b"{}", WHOLE | {PREFIX + "type": "SomethingElse"})

    (letter,) = _letters(room, 1)
    assert letter.headers["ocop-reason"] == "unknown-type: SomethingElse is not a known type"


def test_what_fails_for_a_while_is_tried_again_until_it_succeeds(room: Room) -> None:
    room.work()

    (subject,) = room.say(fail=2)

    wait_until(lambda: room.had_effect(subject) == 1)
    assert room.dead() == []
    assert room.lines("event will be tried again") == 2


def test_what_keeps_failing_ends_among_the_dead_letters(room: Room) -> None:
    room.work()

    (subject,) = room.say(fail=100)

    (letter,) = _letters(room, 1)
    assert letter.headers["ocop-reason"] == "OSError: the disk hiccups"
    assert letter.headers["ocop-attempt"] == 3
    assert room.had_effect(subject) == 0


def test_what_follows_an_event_that_is_tried_again_waits_for_it(room: Room) -> None:
    room.work()
    room.say(subject="s-9", fail=2)

    room.say(subject="s-9")
    room.say(subject="s-9")

    wait_until(lambda: room.had_effect("s-9") == 3)
    assert room.dead() == []


def test_a_worker_killed_amid_a_group_repeats_nothing_after_its_restart(room: Room) -> None:
    worker = room.work()
    room.say(30)
    wait_until(lambda: room.heard() == 30)
    before = room.tried()
    room.say(40, slow=0.05)  # two seconds of work in one transaction

    wait_until(lambda: room.tried() > before)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    left = room.heard()
    room.work()

    wait_until(lambda: room.heard() == 70)
    assert left in (30, 31)  # the first may have come alone, and is committed alone then
    assert room.had_effect() == 70


def test_a_worker_told_to_end_finishes_and_acknowledges_the_group_in_hand(room: Room) -> None:
    worker = room.work()
    before = room.tried()
    room.say(20, slow=0.05)
    wait_until(lambda: room.tried() > before)

    worker.terminate()

    assert worker.wait(timeout=20) == 0
    assert room.heard() == 20
    assert room.waiting() == 0


def test_a_worker_told_to_end_while_the_database_is_away_ends(room: Room) -> None:
    worker = room.work()
    room.take_database_away()
    room.say(1)
    wait_until(lambda: room.lines("listening paused") > 0)

    worker.terminate()

    assert worker.wait(timeout=20) == 0
    assert room.waiting() == 1


def test_a_worker_goes_on_when_the_database_is_back(room: Room) -> None:
    room.work()
    room.take_database_away()
    room.say(3)
    wait_until(lambda: room.lines("listening paused") > 0)

    room.bring_database_back()

    wait_until(lambda: room.heard() == 3)
    assert room.had_effect() == 3


def test_nameko_runs_a_service_by_its_own_command(room: Room) -> None:
    words = ["nameko", "run", "--config", "deploy/nameko.yaml", "services.reporting.service"]
    worker = room.run(Path(sys.executable).parent / words[0], *words[1:])

    room.say(dossier_id=DOSSIER, subject_id=DOSSIER, product_name="Gốm mẫu", producer="Hộ mẫu",
             criteria_set="QD26-01", purpose="first", registration_number="1", product_code="1",
             year=2026, province="38", district=None, commune="14812",
             received_on="2026-10-01")  # fmt: skip

    wait_until(lambda: room.heard() == 1)
    assert room.dead() == []
    worker.terminate()
    assert worker.wait(timeout=20) == 0


DOSSIER = "0190a7c0-0000-7000-8000-00000000000d"

WHOLE = {
    PREFIX + name: value
    for name, value in {
        "specversion": "1.0",
        "id": "0190a7c0-0000-7000-8000-000000000001",
        "source": "/vn/38/registration",
        "type": "DossierSubmitted",
        "subject": "s-1",
        "time": "2026-07-01T09:30:00+00:00",
        "sequence": "1",
    }.items()
}
"""The headers of an event that is in order."""


UNDECODABLE = (
    (b"{}", {}, "utf-8", "header cloudEvents_id is missing"),
    (b"\xff\xfe", WHOLE, "utf-8", "the body is not UTF-8"),
    (b"[1]", WHOLE, "utf-8", "the body is not a JSON object"),
    (b"{", WHOLE, "utf-8", "the body is not JSON"),
    (b"no zlib", {"compression": "application/x-gzip"}, "utf-8", "cannot be unpacked"),
    (b"{}", {"compression": "no-such-thing"}, "utf-8", "cannot be unpacked"),
    (b"{}", WHOLE | {PREFIX + "sequence": "0"}, "utf-8", "malformed"),
    (b"{}", {PREFIX + "id": 5}, "utf-16", "malformed"),
)
"""Body, headers, encoding, and why it cannot be decoded."""


def _letters(room: Room, count: int) -> list[amqp.Message]:
    letters: list[amqp.Message] = []

    def there() -> bool:
        letters.extend(room.dead())
        return len(letters) >= count

    wait_until(there)
    return letters
