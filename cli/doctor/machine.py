"""This machine: settings, data folder, rule packs."""

import shutil
import tempfile
from collections.abc import Iterator

from chassis.identity import TokenRefused, Tokens
from chassis.settings import Settings
from cli.doctor.findings import Finding, fault, ok, warning
from regulation.check import faults as faults_of_packs
from regulation.packs import SHELF, read_shelf
from regulation.refusals import BrokenPack

ROOM = 1_000_000_000
"""Bytes that should be free for evidence and databases."""


def settings(given: Settings) -> Iterator[Finding]:
    """How the instance runs, and who signs its tokens."""
    way = "embedded, without a broker" if given.embedded else "on a broker"
    yield ok("settings", f"province {given.province}, {way}")
    if given.jwks_file:
        yield from _keys(given)
    elif not given.embedded and not given.token_secret:
        yield warning(
            "tokens",
            "signed with a secret of this machine's own",
            "set OCOP_JWKS_FILE, or the same OCOP_TOKEN_SECRET for every process",
        )
    if not given.embedded and not given.pseudonym_key:
        yield warning(
            "people",
            "no key for pseudonyms: no personal number is taken, no council's member compared by it",
            "set the same OCOP_PSEUDONYM_KEY for every process",
        )


def _keys(given: Settings) -> Iterator[Finding]:
    try:
        Tokens(given)
    except TokenRefused as error:
        remedy = "point OCOP_JWKS_FILE at the provider's key set, or unset it"
        yield fault("tokens", str(error), remedy)
    else:
        yield ok("tokens", f"from the provider of {given.jwks_file}")


def data_folder(given: Settings) -> Iterator[Finding]:
    """Whether the data folder can be written to, and has room."""
    try:
        given.data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=given.data):
            pass
    except OSError as error:
        yield fault(
            "data folder",
            f"{given.data} cannot be written to: {error.strerror}",
            "give it to the user that runs ocop, or set OCOP_DATA to another folder",
        )
        return
    free = shutil.disk_usage(given.data).free
    seen = f"{given.data}, {free // 1_000_000:,} MB free"
    if free < ROOM:
        yield warning("data folder", seen, "make room: evidence and databases grow here")
    else:
        yield ok("data folder", seen)


def rule_packs(given: Settings) -> Iterator[Finding]:
    """Whether the law's data are whole and sealed, those of the release and those that the operator added."""
    broken = list(faults_of_packs())
    if broken:
        seen = f"{broken[0]}" + (f" and {len(broken) - 1} more" if len(broken) > 1 else "")
        yield fault("rule packs", seen, "restore the packs from the release: they never change")
        return
    yield ok("rule packs", "whole, every seal intact")
    try:
        found = read_shelf(SHELF, added=given.law_folder)
    except BrokenPack as error:
        remedy = "put the file back as it was: import it again, or take it from a backup"
        yield fault("added criteria sets", str(error), remedy)
    else:
        count = sum(len(each.sets) for each in found) - sum(len(p.sets) for p in read_shelf(SHELF))
        yield ok("added criteria sets", f"{count} in {given.law_folder}, every seal intact")
