"""Registration over HTTP: parse, one transaction, one use case, answer.

Read in this order: `blueprint` (who sees what), `subjects`, `ideas`, `dossiers` (begin, read, list), `assembly` (what
goes into one), `evidence`, `filing` (submit and withdraw), `commune` (verify or return), `forms` (documents).
"""

from flask import Flask

from chassis.database import Database
from chassis.settings import Settings
from chassis.web.app import build
from services.registration.api import (
    assembly,
    commune,
    dossiers,
    evidence,
    filing,
    forms,
    ideas,
    subjects,
)
from services.registration.api.blueprint import blueprint

__all__ = [
    "assembly",
    "commune",
    "dossiers",
    "evidence",
    "filing",
    "forms",
    "ideas",
    "make_app",
    "subjects",
]


def make_app(database: Database, settings: Settings) -> Flask:
    """Registration's web application."""
    return build("registration", "OCOP registration", [blueprint], database, settings)
