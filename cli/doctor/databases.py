"""A service's database: whether it answers, is migrated, agrees on the time, and what waits in its mailroom."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis import dead_letters, inbox, migrating, outbox
from chassis.clock import now
from cli.doctor.findings import Finding, fault, ok
from cli.house import House

OLD = timedelta(minutes=1)
"""So long nothing waits where relays and workers run."""

SKEW = timedelta(seconds=5)


def look(house: House, service: str) -> Iterator[Finding]:
    """Everything about one service's database."""
    about = f"database {service}"
    try:
        database = house.database(service)
        lacking = migrating.missing(database)
    except DBAPIError as error:
        seen = f"does not answer: {str(error.orig).strip().splitlines()[0]}"
        yield fault(about, seen, "start the server; see OCOP_DATABASE_URL, its role and password")
        return
    if lacking:
        yield fault(about, f"lacks migrations: {', '.join(lacking)}", f"ocop migrate {service}")
        return
    yield ok(about, "answers, migrated")
    with database.reading() as session:
        yield from _clock(session, service)
        yield from _outbox(session, service)
        yield from _parked(session, service)
        yield from _dead(session, service)


def _clock(session: Session, service: str) -> Iterator[Finding]:
    """Against the server's clock, and against what was written before: a clock set back shows there."""
    about, here = f"clock {service}", now()
    if session.get_bind().dialect.name == "postgresql":
        there: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        if abs(there - here) > SKEW:
            seen = f"the database's clock is {(there - here).total_seconds():+.0f} s off ours"
            yield fault(about, seen, "keep both machines on one time server (chrony, timesyncd)")
            return
    newest = session.scalar(select(func.max(outbox.outbox.c.time)))
    if newest is not None and newest - here > SKEW:
        seen = f"events were said {(newest - here).total_seconds():.0f} s in the future"
        yield fault(about, seen, "this machine's clock went back: set it by a time server")


def _outbox(session: Session, service: str) -> Iterator[Finding]:
    unsent, oldest = outbox.depth(session)
    about = f"outbox {service}"
    if oldest is not None and now() - oldest > OLD:
        seen = f"{unsent} unsent, the oldest since {oldest:%Y-%m-%d %H:%M} UTC"
        yield fault(about, seen, f"start `ocop up` or `ocop relay {service}`, and see its log")
    else:
        yield ok(about, f"{unsent} unsent")


def _parked(session: Session, service: str) -> Iterator[Finding]:
    parked, oldest = inbox.waiting(session)
    if oldest is None or now() - oldest < OLD:
        return
    faulty = session.scalar(
        select(func.count()).select_from(inbox.parked).where(inbox.parked.c.fault.is_not(None))
    )
    seen = (
        f"{parked} events wait for one before them, {faulty} of them failed when their turn came"
    )
    yield fault(
        f"inbox {service}",
        seen,
        f"see `ocop events parked --service {service}`; then `ocop events replay --to {service} --from-start`",
    )


def _dead(session: Session, service: str) -> Iterator[Finding]:
    dead = dead_letters.count(session)
    if dead:
        last = dead_letters.buried(session)[-1]
        seen = f"{dead}, the last one {last.type}: {last.reason.splitlines()[0]}"
        remedy = f"`ocop dead-letters groups --service {service}`, mend the cause, then redrive"
        yield fault(f"dead letters {service}", seen, remedy)
