"""Not faster than so many a second, and moments as people write them."""

import re
import time
from datetime import datetime, timedelta

import click

from chassis.clock import VIET_NAM, now

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Pace:
    """Lets so many through a second; None lets all through."""

    def __init__(self, rate: float | None) -> None:
        self._rate = rate
        self._next = time.monotonic()

    def wait(self, count: int = 1) -> None:
        """Wait until `count` more may go."""
        if self._rate is None:
            return
        at = time.monotonic()
        if self._next > at:
            time.sleep(self._next - at)
        self._next = max(self._next, at) + count / self._rate


class Moment(click.ParamType[datetime]):
    """`2026-11-22`, `2026-11-22T08:30` (Viet Nam's time where no zone is given), or how long ago: `90m`, `2h`, `7d`."""

    name = "time"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Aware."""
        if isinstance(value, datetime):
            return value
        if ago := re.fullmatch(r"(\d+)([smhd])", value):
            return now() - timedelta(**{UNITS[ago[2]]: int(ago[1])})
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value}: write 2026-11-22, 2026-11-22T08:30, or 90m, 2h, 7d ago", param, ctx
            )
        return moment.replace(tzinfo=VIET_NAM) if moment.tzinfo is None else moment
