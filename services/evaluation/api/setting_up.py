"""Councils and rounds over HTTP."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_smorest import Blueprint

from chassis.people import pseudonym
from chassis.web.app import resources
from chassis.web.command import command, query, seen_version, session, tagged
from chassis.web.doors import actor, open_to
from chassis.web.noting import note
from regulation.acting import Role
from regulation.territory import territory
from services.evaluation import use_cases
from services.evaluation.domain.council import Council, Member, Regulation, UnfitCouncil
from services.evaluation.domain.days import calendar
from services.evaluation.domain.refusals import OutsideArea
from services.evaluation.domain.round import Round
from services.evaluation.domain.sight import OFFICIALS
from services.evaluation.schemas.given import SetUpCouncil, SetUpRound
from services.evaluation.schemas.shown import CouncilShown, RoundShown
from services.evaluation.storage import SqlAssessments, SqlCouncils, SqlRounds

blueprint = Blueprint("councils", __name__, description="Councils and their rounds")


@blueprint.route("/councils/<uuid:council_id>")
class CouncilView(MethodView):
    """One council."""

    @open_to(Role.SECRETARY)
    @command
    @blueprint.arguments(SetUpCouncil)
    @blueprint.response(201, CouncilShown)
    def put(self, given: dict[str, Any], council_id: UUID) -> Any:
        """Set up a council with its regulation; changed freely until a dossier is before it."""
        store = session()
        there = SqlCouncils(store).find(council_id)
        if there is not None:
            seen_version(there.version)
        council = use_cases.set_up_council(
            SqlCouncils(store),
            SqlAssessments(store),
            council=_council(council_id, given, there),
            by=actor(),
        )
        note("set-up-council", council_id, area=council.area, seats=len(council.seats))
        return tagged(council, council.version, 201)

    @open_to(*OFFICIALS)
    @query
    @blueprint.response(200, CouncilShown)
    def get(self, council_id: UUID) -> Any:
        """A council, for the officials of its area."""
        council = SqlCouncils(session()).get(council_id)
        _require_official(council.area)
        return tagged(council, council.version)


def _council(council_id: UUID, given: dict[str, Any], there: Council | None) -> Council:
    """Raises UnfitCouncil, UnknownUnit, NoPseudonymKey."""
    known = {member.id: member.person for member in there.members} if there else {}
    unit = territory(given["valid_from"]).unit(given["area"])
    if unit.level != given["level"]:
        raise UnfitCouncil(f"area: {given['area']} is a {unit.level}, not a {given['level']}")
    return Council(
        id=council_id,
        regulation=Regulation(**given.pop("regulation")),
        members=tuple(_member(each, known.get(each["id"])) for each in given.pop("members")),
        **given,
    )


def _member(given: dict[str, Any], known: str | None) -> Member:
    """`known`: the pseudonym that this id has already; it stays where the number is left out."""
    if "personal_number" not in given:
        return Member(person=known, **given)
    number = given.pop("personal_number")
    return Member(person=number and pseudonym(number, resources().settings), **given)


def _require_official(area: str) -> None:
    if not any(actor().holds(role, area) for role in OFFICIALS):
        raise OutsideArea("this lies outside your area")


@blueprint.route("/rounds/<uuid:round_id>")
class RoundView(MethodView):
    """One round."""

    @open_to(Role.SECRETARY)
    @command
    @blueprint.arguments(SetUpRound)
    @blueprint.response(201, RoundShown)
    def put(self, given: dict[str, Any], round_id: UUID) -> Any:
        """Set up a round of a council; changed freely until a dossier is in it."""
        store = session()
        there = SqlRounds(store).find(round_id)
        if there is not None:
            seen_version(there.version)
        round_ = use_cases.set_up_round(
            SqlCouncils(store),
            SqlRounds(store),
            SqlAssessments(store),
            round_=Round(id=round_id, **given),
            by=actor(),
        )
        note("set-up-round", round_id, council_id=round_.council_id, year=round_.year)
        return _answer(round_, 201)

    @open_to(*OFFICIALS)
    @query
    @blueprint.response(200, RoundShown)
    def get(self, round_id: UUID) -> Any:
        """A round, for the officials of its area."""
        round_ = SqlRounds(session()).get(round_id)
        _require_official(SqlCouncils(session()).get(round_.council_id).area)
        return _answer(round_)


def _answer(round_: Round, status: int = 200) -> Any:
    council = SqlCouncils(session()).get(round_.council_id)
    body = asdict(round_) | {"calendar": calendar(round_, council)}
    return tagged(body, round_.version, status)
