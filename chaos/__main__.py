"""`python -m chaos`: one run; exit status 1 unless nothing was lost, doubled or stuck and the audit is clean."""

import json
import tempfile
from pathlib import Path

import click
from rich.console import Console

from chaos import report
from chaos.ground import NAMES
from chaos.plan import within
from chaos.run import Order, run
from tests.servers import NoServer
from tests.servers.wanted import take


@click.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Which faults, when, whom.")
@click.option("--minutes", type=click.FloatRange(min=0.1), default=5, show_default=True)
@click.option("--dossiers", type=int, default=0, help="Go on until so many are through, at least.")
@click.option("--every", type=click.FloatRange(min=1), default=6, show_default=True,
              help="Seconds between two faults, more or less.")  # fmt: skip
@click.option("--drain", type=click.FloatRange(min=10), default=300, show_default=True,
              help="Seconds within which everything must have arrived after the last fault.")  # fmt: skip
@click.option("--wait", type=click.FloatRange(min=0.001), default=0.6, show_default=True,
              help="Seconds that workers wait for company; relays half as long.")  # fmt: skip
@click.option("--json", "written", type=click.Path(path_type=Path), help="Write everything there.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the processes' logs there.")
def main(
    seed: int,
    minutes: float,
    dossiers: int,
    every: float,
    drain: float,
    wait: float,
    written: Path | None,
    keep: Path | None,
) -> None:
    """Kill, stop, starve and cut a whole instance under load, then count what became of every event."""
    take()
    order = Order(
        seed=seed, minutes=minutes, dossiers=dossiers, every=every, drain=drain, wait=wait
    )
    console = Console()
    for strike in within(seed, NAMES, every=every, seconds=minutes * 60):
        console.print(str(strike), highlight=False)
    with tempfile.TemporaryDirectory() as temporary, report.Bar(order, console) as bar:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            outcome = run(order, folder, bar.show)
        except NoServer as error:
            raise click.ClickException(str(error)) from error
    report.show(order, outcome, console)
    if written is not None:
        made = report.document(order, outcome)
        written.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    raise SystemExit(0 if outcome.is_right else 1)


if __name__ == "__main__":
    main()
