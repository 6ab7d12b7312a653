"""`python -m chaos.written`: writes the table of a run's JSON into docs/reliability.md."""

import json
import sys
from pathlib import Path
from typing import Any

from chaos.report import COLUMNS

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
LATEST = Path(__file__).with_name("latest.json")
BEGIN = "<!-- written by python -m chaos.written -->\n"
END = "<!-- end -->\n"
AGAIN = ("seed", "minutes", "dossiers", "every", "wait")


def table(run: dict[str, Any]) -> str:
    """What the run was, its ledger, and what was done to the instance, in Markdown."""
    order = run["order"]
    rate = run["dossiers"] / run["seconds"]
    tried = sum(1 for count in run["points"].values() if count)
    faults = ", ".join(f"{kind} {count}" for kind, count in sorted(run["faults"].items()))
    verdict = "nothing lost, doubled or stuck, audit clean" if run["right"] else "**not right**"
    what = (
        f"{run['at'][:10]}, {run['machine']}; seed {order['seed']}: {run['dossiers']:,} dossiers in"
        f" {run['seconds'] / 60:.1f} minutes under fire ({rate:.1f}/s), drained in"
        f" {run['drained_in']:.0f} s: {verdict}."
    )
    done = (
        f"Faults: {faults}. Processes died {run['deaths']} times, at {tried} of {len(run['points'])}"
        f" fault points. {run['requests']:,} requests, sent again {run['repeated']:,} times."
    )
    again = " ".join(f"--{name} {order[name]:.12g}" for name in AGAIN)
    lines = [
        what,
        "",
        f"| event | {' | '.join(COLUMNS)} |",
        f"| --- |{' ---: |' * len(COLUMNS)}",
        *(
            f"| {line['type']} | {' | '.join(f'{line[column]:,}' for column in COLUMNS)} |"
            for line in run["ledger"]
        ),
        "",
        done,
        "",
        f"Again: `.venv/bin/python -m chaos {again}`.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Write the run of the file that is named, or of the latest."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else LATEST
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    made = table(json.loads(source.read_text(encoding="utf-8")))
    PAGE.write_text(head + BEGIN + made + END + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
