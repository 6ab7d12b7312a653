"""Text that a request may hold: what can be stored, compared and shown, nothing invisible."""

import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, validate

_INVISIBLE = ("Cc", "Cs")
"""Unicode's control characters and halves of surrogate pairs; PostgreSQL refuses NUL, UTF-8 the halves."""


def visible(text: str) -> None:
    """Raises ValidationError where a control character (a line's end and a tab apart) is in the text."""
    for letter in text:
        if letter not in "\n\t" and unicodedata.category(letter) in _INVISIBLE:
            raise ValidationError(f"must not hold the control character U+{ord(letter):04X}")


def _on_one_line(text: str) -> None:
    if any(letter in "\n\t\u2028\u2029" for letter in text):
        raise ValidationError("must be one line")


class Whole(validate.Regexp):
    """A pattern written with ^ and $, as JSON Schema knows them; Python's $ would let a line's end by."""

    def __call__(self, value: Any) -> Any:
        if value.endswith("\n"):
            raise ValidationError(self._format_error(value))
        return super().__call__(value)


class Composed(fields.String):
    """Text in Unicode's form NFC, without white space around it: a name typed on any keyboard is the same name."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        read: str = super()._deserialize(value, attr, data, **kwargs)
        return unicodedata.normalize("NFC", read).strip()


def text(longest: int, *, shortest: int = 0, **given: Any) -> fields.String:
    """A field for visible text of that many characters."""
    return Composed(validate=[validate.Length(shortest, longest), visible], **given)


def line(longest: int = 300, **given: Any) -> fields.String:
    """A field for one line of visible text; it cannot be empty."""
    return Composed(validate=[validate.Length(1, longest), visible, _on_one_line], **given)
