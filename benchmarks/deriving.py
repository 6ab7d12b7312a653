"""`python -m benchmarks.deriving`: writes the table of docs/scale.md anew from `benchmarks/latest.json`."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import LATEST
from chassis.settings import SERVICES
from chassis.wire.topology import topology
from cli.house import listening

PAGE = Path(__file__).parent.parent / "docs" / "scale.md"
BETWEEN = re.compile(r"(<!-- derived -->\n).*(<!-- /derived -->)", re.DOTALL)

PROVINCES = (1, 34, 3_400)
LEAST = 0.01
"""Less is shown as less than that."""

ASSUMED: Mapping[str, tuple[float, str]] = {
    "dossiers": (1_000, "dossiers a province files in a year"),
    "events": (8, "events that a dossier leads to"),
    "hearers": (3, "services that hear an event"),
    "rush": (0.1, "part of a year's events on its busiest day"),
    "hours": (8, "hours of that day"),
    "years": (10, "years that are kept"),
    "idle": (15, "processes of a province that runs web, worker and relay of each service alone"),
    "together": (3, "processes of a province that runs all services in one web, one worker, one relay"),
    "lag": (30, "seconds that a queue may lag before another worker is wanted"),
    "outage": (1, "days that a hearer is away"),
}  # fmt: skip
"""What is taken for granted, not measured: change it here and write the page anew."""


@dataclass(frozen=True, slots=True)
class Line:
    """One derived figure: per province, or (with `each` false) for an instance whatever the number of provinces."""

    what: str
    formula: str
    value: float
    unit: str
    each: bool = True


def lines(measured: Mapping[str, float]) -> Iterator[Line]:
    """Everything that docs/scale.md says in figures; not a number where something was never measured."""
    a = {name: value for name, (value, _) in ASSUMED.items()}
    busiest = a["dossiers"] * a["events"] * a["rush"] / a["hours"] / 3600
    yield Line(
        "events on the busiest day", "dossiers × events × rush / hours / 3600", busiest, "/s"
    )
    relay, worker = measured["relay.ours"], measured["reporting.ours"]
    yield Line("of what one relay carries", "… / `relay.ours`", busiest / relay * 100, "%")
    yield Line("of what one worker hears", "… / `reporting.ours`", busiest / worker * 100, "%")
    cores = busiest * a["hearers"] * measured["reporting.ours.processor"] / 1e6
    name = "`reporting.ours.processor`"
    yield Line("processor for hearing", f"events/s × hearers × {name} / 10⁶", cores, "cores")
    peak = measured["memory.worker.at-100000"]
    name = "`memory.worker.at-100000`"
    yield Line("memory, each process alone", f"idle × {name}", a["idle"] * peak / 1e3, "GB")
    yield Line("memory, services together", f"together × {name}", a["together"] * peak / 1e3, "GB")
    queues = len(topology(listening()).queues)
    yield Line("vhosts", "1 per province", 1, "")
    yield Line("quorum queues", "as declared", queues, "")
    yield Line("databases", "1 per service", len(SERVICES), "")
    disk = sum(measured[f"disk.{service}.1000000"] for service in ("reporting", "promotion"))
    kept = a["dossiers"] * a["years"] * disk / 1e9
    formula = "dossiers × years × (`disk.reporting.1000000` + `disk.promotion.1000000`)"
    yield Line("disk of reporting and promotion", formula, kept, "GB")
    yield Line("queue length for another worker", "`reporting.ours` × lag", worker * a["lag"], "messages",
               each=False)  # fmt: skip
    missed = a["dossiers"] * a["events"] * a["rush"] * a["outage"]
    away = "dossiers × events × rush × outage / `reporting.ours`"
    yield Line("catching up after an outage", away, missed / worker, "s", each=False)
    exported = a["dossiers"] * a["years"] / measured["export.1000000"]
    yield Line(
        "export of everything", "dossiers × years / `export.1000000`", exported, "s", each=False
    )


def table(measured: Mapping[str, float]) -> str:
    """The lines as a table, with a column per number of provinces."""
    head = ["", "from", *(f"{count:,} province{'s' if count > 1 else ''}" for count in PROVINCES)]
    rows = [head, ["---"] * len(head)]
    for line in lines(measured):
        values = [
            _shown(line.value * (count if line.each else 1), line.unit) for count in PROVINCES
        ]
        rows.append([line.what, line.formula, *values])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def assumptions() -> str:
    """What is assumed, as a list."""
    return "".join(f"- `{name}` = {value:,g}: {what}\n" for name, (value, what) in ASSUMED.items())


def _shown(value: float, unit: str) -> str:
    if math.isnan(value):
        return "not measured"
    if 0 < value < LEAST:
        return f"< {LEAST:g} {unit}"
    figure = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2g}"
    return f"{figure} {unit}".strip()


def written(page: str) -> str:
    """The page with the table that follows from the newest figures."""
    figures = json.loads(LATEST.read_text(encoding="utf-8"))["figures"]
    found = {name: figure["median"] for name, figure in figures.items()}
    derived = f"{assumptions()}\n{table(defaultdict(lambda: math.nan, found))}"
    return BETWEEN.sub(lambda marks: marks[1] + derived + marks[2], page)


def main() -> None:
    """Write it."""
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
