"""Evaluation over HTTP: parse, one transaction, one use case, answer.

Read in this order: setting_up, reading, procedure, scoring, documents, offline.
"""

from flask import Flask

from chassis.database import Database
from chassis.settings import Settings
from chassis.web.app import build
from services.evaluation import working_days
from services.evaluation.api import (
    documents,
    offline,
    procedure,
    reading,
    scoring,
    setting_up,
)


def make_app(database: Database, settings: Settings) -> Flask:
    """Evaluation's web application. Raises BrokenDays where the office's list of swapped days cannot be read."""
    rooms = (setting_up, reading, procedure, scoring, documents, offline)
    blueprints = [room.blueprint for room in rooms]
    app = build("evaluation", "OCOP evaluation", blueprints, database, settings)
    app.extensions[working_days.FILE] = working_days.of_office(settings.data)
    return app
