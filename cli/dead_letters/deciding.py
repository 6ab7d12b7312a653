"""What is done to one dead letter, and recorded among the acts in the same transaction: by whom, and why."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis import acts, dead_letters
from chassis.clock import now
from chassis.dead_letters import Changed, State
from chassis.hearing import DatabaseAway
from cli.house import House
from cli.mistakes import Failure, Mistake
from contracts.envelope import Event, Undecodable
from regulation.acting import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Who decides, and why: both are kept for ever."""

    by: str
    why: str


def redriven(house: House, service: str, letter: Any, who: Decider) -> bool:
    """Note that a letter was sent again. False when it has died again by now: then it goes on waiting."""
    with house.database(service).transaction() as session:
        _record(session, service, letter, who, "redrive")
    try:
        with house.database(service).transaction() as session:
            _decide(session, letter, State.REDRIVEN, who)
    except Changed:
        return False
    return True


def discard(house: House, service: str, letter: Any, who: Decider) -> None:
    """Give a letter up. What was parked behind its event is heard in the same transaction.

    Raises Mistake when the letter changed meanwhile, and Failure when the database is away.
    """
    event = event_or_none(letter)

    def given_up(session: Session) -> None:
        _decide(session, letter, State.DISCARDED, who)
        _record(session, service, letter, who, "discard")

    try:
        if event is None:
            with house.database(service).transaction() as session:
                given_up(session)
        else:
            house.hearer(service).pass_over(event, given_up)
    except Changed as error:
        raise Mistake(f"{service}: {error}") from error
    except DatabaseAway as error:
        raise Failure(f"the database of {service} does not answer: {error}") from error


def edit(
    house: House,
    service: str,
    letter: Any,
    headers: Mapping[str, Any],
    body: bytes,
    who: Decider,
) -> None:
    """Put other headers and another body into a letter. Raises Mistake where they are no event."""
    hashes = {"body_before": _hash(bytes(letter.body)), "body_after": _hash(body)}
    try:
        with house.database(service).transaction() as session:
            dead_letters.edit(session, letter, headers, body)
            _record(session, service, letter, who, "edit", **hashes)
    except (Undecodable, Changed) as error:
        raise Mistake(f"{service}/{letter.number}: {error}") from error
    except IntegrityError as error:
        raise Mistake(
            f"{service}/{letter.number}: another dead letter carries the event of that id"
        ) from error


def event_or_none(letter: Any) -> Event | None:
    """The event that a letter carries, if it is one."""
    try:
        return dead_letters.event_of(letter)
    except Undecodable:
        return None


def _decide(session: Session, letter: Any, state: State, who: Decider) -> None:
    dead_letters.decide(session, letter, state, by=who.by, why=who.why, at=now())


def _record(
    session: Session, service: str, letter: Any, who: Decider, act: str, **more: str
) -> None:
    """On the chain of the letter's own subject; of no event's where it names none."""
    grounds = {
        "dead_letter": f"{service}/{letter.number}",
        "event": letter.event_id,
        "type": letter.type,
        "fingerprint": letter.fingerprint,
        "why": who.why,
        **more,
    }
    acts.record(
        session,
        acts.Act(
            subject=letter.subject or f"dead-letter {letter.number}",
            at=now(),
            actor=who.by,
            role=Role.OPERATOR,
            act=act,
            grounds={name: value for name, value in grounds.items() if value is not None},
        ),
    )


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
