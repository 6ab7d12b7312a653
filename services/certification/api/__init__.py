"""Certification over HTTP: parse, one transaction, one use case, answer."""

from flask import Flask

from chassis.database import Database
from chassis.settings import Settings
from chassis.web.app import build
from services.certification.api import cases, certificates, decisions
from services.certification.api.blueprint import blueprint

__all__ = ["cases", "certificates", "decisions", "make_app"]


def make_app(database: Database, settings: Settings) -> Flask:
    """Certification's web application."""
    return build("certification", "OCOP certification", [blueprint], database, settings)
