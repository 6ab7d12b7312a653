"""Finds a document's template, an office's own before ours, and fills it with data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from chassis.documents import wording

SHARED = "ocop"
"""Under this name lie the layout and the pieces that every service's templates are made of."""

OURS = Path(__file__).parent / "templates"


SLIPS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
)
"""What a slip in a template comes out as: jinja's own, a file not in UTF-8, a sum with words, a template in itself."""


class TemplateBroken(Exception):
    """A template cannot be filled: a slip in it, or a name that the data does not have."""

    slug = "template-broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """One service's templates: ours in `folder`, an office's own by the same name in `<OCOP_TEMPLATES>/<service>/`.

    An office's own layout and pieces lie in `<OCOP_TEMPLATES>/ocop/`.
    """

    service: str
    folder: Path

    def fill(self, name: str, data: Mapping[str, Any], *, office: str = "") -> str:
        """The document as HTML, complete in itself. Raises TemplateBroken."""
        try:
            return (
                _environment(self, office).get_template(f"{self.service}/{name}.html").render(data)
            )
        except SLIPS as error:
            raise TemplateBroken(_where(error, f"{self.service}/{name}.html")) from error


@cache
def _environment(stationery: Stationery, office: str) -> ImmutableSandboxedEnvironment:
    """An office's template is data and no program: it reads what it is given and changes nothing."""
    ours = PrefixLoader(
        {SHARED: FileSystemLoader(OURS), stationery.service: FileSystemLoader(stationery.folder)}
    )
    made = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(office), ours]) if office else ours,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        each.__name__: each
        for each in (
            wording.day,
            wording.long_day,
            wording.moment,
            wording.figure,
            wording.blank,
            wording.in_capitals,
        )
    }
    return made


def _where(error: Exception, name: str) -> str:
    line = getattr(error, "lineno", None)
    said = getattr(error, "message", None) or str(error)
    return f"{getattr(error, 'name', None) or name}{f', line {line}' if line else ''}: {said}"
