"""When an act took place: acts on one case run forward in time, and never ahead of today."""

from datetime import date

from regulation.refusals import Unfit


class DateInFuture(Unfit):
    """An act cannot be entered before it took place."""

    slug = "date-in-future"


class DateBeforeLastAct(Unfit):
    """Acts on one case run forward in time."""

    slug = "date-before-last-act"


def require_order(on: date, *, today: date, last: date | None, field: str = "on") -> None:
    """Raises DateInFuture or DateBeforeLastAct unless `last` ≤ `on` ≤ `today`; names `field`."""
    if on > today:
        raise DateInFuture(f"{field}: {on} lies in the future")
    if last is not None and on < last:
        raise DateBeforeLastAct(f"{field}: {on} lies before the last act of {last}")
