"""The forms of a dossier as documents: what fills each (`forms`), in which words (`words`), and the templates."""

from pathlib import Path

from chassis.documents.templates import Stationery

STATIONERY = Stationery(service="registration", folder=Path(__file__).parent / "templates")
