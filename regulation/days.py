"""When an act took place: an office may enter today what was done on paper before, but never ahead, never backwards."""

from datetime import date

from regulation.refusals import Unfit


class DateInFuture(Unfit):
    """An act cannot be entered before it took place."""

    slug = "date-in-future"


class DateBeforeLastAct(Unfit):
    """Acts on one case run forward in time."""

    slug = "date-before-last-act"


def require_order(on: date, *, today: date, last: date | None, field: str = "on") -> None:
    """Raises DateInFuture or DateBeforeLastAct, naming `field`, unless `last` ≤ `on` ≤ `today`."""
    if on > today:
        raise DateInFuture(f"{field}: {on} lies in the future")
    if last is not None and on < last:
        raise DateBeforeLastAct(f"{field}: {on} lies before the last act of {last}")
