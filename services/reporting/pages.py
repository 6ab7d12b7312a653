"""The front page of an instance: the funnel, plan against result, the latest events; without scripts."""

from datetime import date
from pathlib import Path

from flask import Blueprint, Flask
from markupsafe import Markup

from chassis.clock import today
from chassis.settings import SERVICES
from chassis.web.app import resources
from chassis.web.command import query, session
from chassis.web.doors import PUBLIC, open_to
from chassis.web.pages import Speech, asked_language, question, render, speech
from regulation.territory import TWO_TIERS_FROM
from services.reporting import charts, queries
from services.reporting.domain import STARS, WAY
from services.reporting.schemas import PageQuery

EVENTS = 12
"""How many events the page shows."""

blueprint = Blueprint("reporting_pages", __name__, template_folder="templates")
_WORDS = Path(__file__).parent / "words"
_asked = PageQuery()


def add(app: Flask) -> None:
    """Add the page to reporting's application."""
    app.register_blueprint(blueprint)


@blueprint.get("/")
@blueprint.get("/reporting/")
@open_to(*PUBLIC)
@query
def front() -> str:
    """The year that is asked for, or the newest that has begun."""
    say = speech(asked_language(), _WORDS)
    known = queries.years(session())
    year = question(_asked)["year"] or _newest(known)
    funnel = queries.funnel(session(), year)
    table = queries.plan_against_result(session(), year)
    return render(
        "front.html",
        say=say,
        page="overview",
        province=_province(say, resources().settings.province, year),
        year=year,
        years=sorted({*known, year}, reverse=True),
        funnel=funnel,
        groups=_groups(funnel),
        table=table,
        stars=STARS,
        stage_bars=_stage_bars(say, funnel),
        plan_bars=_plan_bars(say, table),
        area=lambda row: _area(say, row),
        events=queries.latest_events(session(), EVENTS),
        services=SERVICES,
        charts=charts,
    )


def _newest(known: list[int]) -> int:
    """The newest known year that has begun; this year where there is none."""
    begun = [year for year in known if year <= today().year]
    return begun[0] if begun else today().year


def _province(say: Speech, code: str, year: int) -> str:
    """What the province was called when that year ended."""
    return say.area(code, with_districts=date(year, 12, 31) < TWO_TIERS_FROM)


def _groups(funnel: queries.Funnel) -> dict[str, list[queries.Step]]:
    """The steps of the way, then those that lead off it."""
    return {
        "way": [step for step in funnel.steps if step.stage in WAY],
        "exits": [step for step in funnel.steps if step.stage not in WAY],
    }


def _stage_bars(say: Speech, funnel: queries.Funnel) -> dict[str, Markup]:
    longest = max((step.reached for step in funnel.steps), default=0)
    return {
        step.stage: charts.stage_bar(
            now=step.now,
            reached=step.reached,
            longest=longest,
            title=say(
                "funnel.bar", stage=say(f"stage.{step.stage}"), now=step.now, reached=step.reached
            ),
        )
        for step in funnel.steps
    }


def _plan_bars(say: Speech, table: queries.Table) -> dict[str | None, Markup]:
    """A bar per area, all on one scale; the total's on its own, under None."""
    longest = max((_length(row) for row in table.rows), default=0)
    bars = {row.area: _plan_bar(say, row, longest) for row in table.rows}
    return bars | {None: _plan_bar(say, table.total, _length(table.total))}


def _plan_bar(say: Speech, row: queries.Row, longest: int) -> Markup:
    counts = {f"star_{star}": row.result.get(star, 0) for star in STARS}
    title = say(
        "plan.bar",
        area=_area(say, row),
        target=row.target_total,
        result=row.result_total,
        **counts,
    )
    return charts.plan_bar(
        target=row.target_total,
        result=row.result,
        potential=row.potential,
        longest=longest,
        title=title,
    )


def _length(row: queries.Row) -> int:
    return max(row.target_total, row.result_total + row.potential)


def _area(say: Speech, row: queries.Row) -> str:
    if row.area is None:
        return say("plan.total")
    return say.area(row.area, with_districts=row.level == "district")
