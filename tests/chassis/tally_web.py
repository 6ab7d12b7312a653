"""The tiny service over HTTP: counts of things, changed by officers and read by everyone."""

import time
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import Integer, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from chassis import outbox
from chassis.database import Database
from chassis.identity import Tokens
from chassis.settings import Settings
from chassis.tables import NAMING
from chassis.web.app import build
from chassis.web.command import command, query, seen_version, session, tagged
from chassis.web.doors import ANYONE, PUBLIC, open_to
from chassis.web.noting import note
from regulation.acting import Actor, Grant, Role
from regulation.refusals import NotFound, Refusal, Unfit
from tests.chassis.tally import some_news


class Base(DeclarativeBase):
    """Its table."""

    metadata = MetaData(naming_convention=NAMING)


class CountRow(Base):
    """How many of something there are."""

    __tablename__ = "tally_counts"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": version}


class UnknownCount(NotFound):
    """Nothing of that name is counted."""

    slug = "unknown-count"


class CountFull(Refusal):
    """Ten is enough."""

    slug = "count-full"


class CountOdd(Unfit):
    """Only even numbers are added."""

    slug = "count-odd"


class Addition(Schema):
    """What is added."""

    number = fields.Integer(required=True, validate=validate.Range(0, 10))
    remark = fields.String(load_default="")


class CountShown(Schema):
    """A count."""

    name = fields.String()
    number = fields.Integer()


blueprint = Blueprint("tally", __name__, description="Counts")


@blueprint.route("/counts/<name>")
class Count(MethodView):
    """One count."""

    @open_to(*ANYONE)
    @query
    @blueprint.response(200, CountShown)
    def get(self, name: str) -> Any:
        """As it stands."""
        row = _row(name)
        return tagged(row, row.version)

    @open_to(Role.OCOP_OFFICER)
    @command
    @blueprint.arguments(Addition)
    @blueprint.response(200, CountShown)
    def post(self, given: dict[str, Any], name: str) -> Any:
        """Add to it."""
        row = session().get(CountRow, name) or CountRow(name=name, number=0)
        if row.version:
            seen_version(row.version)
        if given["number"] % 2:
            raise CountOdd("number: only even numbers are added")
        if row.number + given["number"] > 10:
            raise CountFull(f"{name} would be above ten")
        row.number += given["number"]
        session().add(row)
        outbox.say(session(), [some_news(name)])
        session().flush()
        note("add", name, number=given["number"])
        return tagged(row, row.version)


@blueprint.route("/files")
class Files(MethodView):
    """Uploads."""

    @open_to(Role.OCOP_OFFICER)
    @command
    @blueprint.response(201, CountShown)
    def post(self) -> Any:
        """Count an upload's bytes."""
        from flask import request

        upload: FileStorage = request.files["file"]
        return {"name": upload.filename, "number": len(upload.read())}


@blueprint.route("/faults/<kind>")
class Faults(MethodView):
    """What may go wrong behind the door."""

    @open_to(*PUBLIC)
    @command
    def post(self, kind: str) -> Any:
        """Go wrong in that way, after having done something."""
        session().add(CountRow(name=kind, number=1))
        outbox.say(session(), [some_news(kind)])
        session().flush()
        match kind:
            case "bug":
                raise LookupError("secret detail")
            case "long":
                session().execute(
                    text("INSERT INTO outbox_sequences VALUES (:s, 1)"), {"s": "x" * 99}
                )
            case "half":
                session().execute(text("SELECT :half"), {"half": "\ud800"})
            case "teapot":
                return {"answer": "no"}, 418
            case "slow":
                time.sleep(0.5)
        return {"name": kind}


def _row(name: str) -> CountRow:
    row = session().get(CountRow, name)
    if row is None:
        raise UnknownCount(f"{name} is not counted")
    return row


def make_app(database: Database, settings: Settings) -> Flask:
    """The tiny service's web application."""
    Base.metadata.create_all(database.engine)
    return build("tally", "Tally", [blueprint], database, settings)


def headers_of(settings: Settings, role: Role, id_: str = "officer-7") -> dict[str, str]:
    """What somebody in that role sends along."""
    who = Actor(id=id_, grants=(Grant(role=role, area="38"),))
    return {"Authorization": f"Bearer {Tokens(settings).mint(who, lasts=timedelta(minutes=5))}"}


def add(
    client: FlaskClient, headers: dict[str, str], number: Any = 2, **more: str
) -> TestResponse:
    """Add to the count of pots."""
    return client.post("/tally/counts/pots", json={"number": number}, headers=headers | more)


def problem(answer: TestResponse) -> tuple[int, str]:
    """The status and slug of an answer that is a problem document."""
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert body is not None
    assert body["status"] == answer.status_code
    assert body["type"] == f"/problems/{body['slug']}"
    assert body["title"]
    return answer.status_code, body["slug"]


def counted(database: Database) -> list[tuple[str, int]]:
    """Every count as it stands."""
    with database.reading() as session:
        rows = session.execute(text("SELECT name, number FROM tally_counts ORDER BY name"))
        return [(row.name, row.number) for row in rows]
