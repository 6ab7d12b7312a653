"""Prints a document as PDF by WeasyPrint, one at a time; says what is missing where this machine cannot."""

import subprocess
from functools import cache
from threading import Lock
from typing import Any

PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-croscore")
"""What Debian and Ubuntu call it: the library that sets text, and Tinos, which has the measures of Times New Roman
and every Vietnamese letter (Debian 12's Liberation Serif lacks most of them)."""

_printing = Lock()


class PdfUnavailable(Exception):
    """This machine lacks a library or a font."""

    slug = "pdf-unavailable"


def pdf(html: str) -> bytes:
    """The document printed. It fetches nothing: what it shows is in it. Raises PdfUnavailable."""
    if why := missing():
        raise PdfUnavailable(f"{why}; install {' '.join(PACKAGES)}, or ask for ?format=html")
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    with _printing:
        printed: bytes = HTML(
            string=html, url_fetcher=URLFetcher(allowed_protocols=("data",))
        ).write_pdf()
    return printed


@cache
def missing() -> str | None:
    """What keeps this machine from printing; None where it can."""
    return _without_library() or _without_font()


def _without_library() -> str | None:
    try:
        _load()
    except (ImportError, OSError) as error:
        return f"no PDF can be made here: {error}".splitlines()[0]
    return None


def _load() -> Any:
    """Loading it opens pango; a command that prints nothing needs no pango. Raises OSError where there is none."""
    import weasyprint

    return weasyprint


def _without_font() -> str | None:
    """pango comes with fontconfig's `fc-list`; where it does not, the fonts are taken to be there."""
    try:
        found = subprocess.run(
            ["fc-list", ":lang=vi", "family"],  # noqa: S607  # where fontconfig lies is the system's affair
            capture_output=True,
            check=False,
            timeout=30,
        )
    except OSError:
        return None
    return None if found.stdout.strip() else "no PDF can be made here: no font has Vietnamese"
