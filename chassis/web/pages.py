"""Server-rendered pages: the reader's language, its words, and how it writes numbers, dates and places."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import render_template, request
from marshmallow import Schema, ValidationError

from chassis.clock import VIET_NAM
from regulation.refusals import Unfit, UnknownUnit
from regulation.territory import LAST_DAY_OF_DISTRICTS, TWO_TIERS_FROM, Unit, territory

LANGUAGES = ("vi", "en")
"""The first is spoken unless the reader asks for another by `?lang=`."""

WORDS = Path(__file__).parent / "words"
_LOCALES = {"vi": "vi_VN", "en": "en_GB"}
_DAYS = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_MOMENTS = {"vi": "HH:mm, dd/MM/yyyy", "en": "d MMM yyyy, HH:mm"}


class UnfitQuestion(Unfit):
    """A page was asked for something that it does not know."""

    slug = "unfit-question"


class Speech:
    """One language of a service's pages: called with a word's key, it says it."""

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self.language = language
        self.words = words

    def __call__(self, key: str, **values: Any) -> str:
        """The word or sentence of that key, with values put in. Raises KeyError."""
        text = self.words[key]
        return text.format(**values) if values else text

    def number(self, value: int) -> str:
        """A count, its thousands set apart."""
        return format_decimal(value, locale=_LOCALES[self.language])

    def day(self, day: date) -> str:
        """A calendar day."""
        return format_date(day, _DAYS[self.language], locale=_LOCALES[self.language])

    def moment(self, at: datetime) -> str:
        """A time of day in Viet Nam, to the minute."""
        locale = _LOCALES[self.language]
        return format_datetime(at.astimezone(VIET_NAM), _MOMENTS[self.language], locale=locale)

    def unit(self, unit: Unit) -> str:
        """An administrative unit: its official name, in English with the kind behind it."""
        if self.language == "vi":
            return unit.name
        words = len(_in_vietnamese(unit.kind).split())
        name = " ".join(unit.name.split()[words:])
        kind = self(f"unit.{unit.kind}")
        return f"{kind.capitalize()} {name}" if name.isdigit() else f"{name} {kind}"

    def area(self, code: str, *, with_districts: bool) -> str:
        """The unit of that code in the list with districts or the one without; the code where neither knows it."""
        day = LAST_DAY_OF_DISTRICTS if with_districts else TWO_TIERS_FROM
        try:
            return self.unit(territory(day).unit(code))
        except UnknownUnit:
            return code


def speech(language: str, folder: Path) -> Speech:
    """The words of one folder (`vi.yaml`, `en.yaml`), on top of those that all pages share."""
    return Speech(language, _read(WORDS, language) | _read(folder, language))


def asked_language() -> str:
    """The language that this request asks for."""
    asked = request.args.get("lang")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def question(schema: Schema) -> dict[str, Any]:
    """What this request's query asks for; an empty field of a form asks for nothing.

    Raises UnfitQuestion, naming the field.
    """
    given = {name: value for name, value in request.args.items() if value}
    try:
        loaded: dict[str, Any] = schema.load(given, unknown="exclude")
    except ValidationError as error:
        name, problems = next(iter(dict(error.messages_dict).items()))
        raise UnfitQuestion(f"{name}: {problems[0]}") from None
    return loaded


def render(template: str, *, say: Speech, **values: Any) -> str:
    """A page in that language; in its template `say` speaks, and `here(name=value)` is this address, changed."""
    return render_template(
        template, say=say, here=_here, suffix=_suffix(say), languages=LANGUAGES, **values
    )


def _here(**changes: Any) -> str:
    """This page's own address with some of its query changed; None drops a name."""
    query = {name: value for name, value in (request.args.to_dict() | changes).items() if value}
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _suffix(say: Speech) -> str:
    """What keeps the language when a link leads to another page."""
    return "" if say.language == LANGUAGES[0] else f"?lang={say.language}"


@cache
def _read(folder: Path, language: str) -> dict[str, str]:
    tree = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
    return dict(_flat(tree, ""))


def _flat(tree: Mapping[Any, Any], prefix: str) -> list[tuple[str, str]]:
    found = []
    for key, value in tree.items():
        name = f"{prefix}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, str(value))]
    return found


def _in_vietnamese(kind: str) -> str:
    return _read(WORDS, "vi")[f"unit.{kind}"]
