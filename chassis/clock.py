"""The one clock of a process's edges; rooms further in are told the time."""

from datetime import UTC, date, datetime, timedelta, timezone

VIET_NAM = timezone(timedelta(hours=7), "ICT")
"""Viet Nam keeps one zone and no summer time."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Viet Nam."""
    return datetime.now(VIET_NAM).date()
