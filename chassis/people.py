"""People by pseudonym: a personal number comes in at a web door, and only a keyed hash of it is ever kept or said.

A number has 12 digits, most of them given (province, sex and century, year): who had plain hashes would find every
number by trying. Without the instance's key there is nothing to try.
"""

import hashlib
import hmac
import re
from typing import Any

from marshmallow import ValidationError, fields

from chassis.settings import Settings, pseudonym_key
from regulation.refusals import Unfit

PERSONAL = re.compile(r"0(?!00)\d\d[0-3]\d{8}", re.ASCII)
"""A personal identification number: province of birth, sex and century, year, serial."""
OF_OLD_CARDS = re.compile(r"\d{9}", re.ASCII)
"""The number of an identity card from before 2016; no card bears one any more since 2025."""
SEPARATORS = str.maketrans("", "", " .-")


class NoPseudonymKey(Unfit):
    """A number is taken only where there is a key to hash it with."""

    slug = "no-pseudonym-key"


class PersonalNumber(fields.String):
    """A personal number, digits alone; only ever read, never written."""

    def __init__(self, **given: Any) -> None:
        super().__init__(load_only=True, **given)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        number = str(super()._deserialize(value, attr, data, **kwargs)).translate(SEPARATORS)
        if not PERSONAL.fullmatch(number) and not OF_OLD_CARDS.fullmatch(number):
            raise ValidationError("is no personal number: 12 digits, or the 9 of an old card")
        return number


def pseudonym(number: str, settings: Settings) -> str:
    """`<key's name>-<HMAC-SHA256 in hex>`: equal for the same number under the same key. Raises NoPseudonymKey."""
    with_ = key(settings)
    if not with_:
        raise NoPseudonymKey(
            "personal numbers are not taken here yet: the operator sets OCOP_PSEUDONYM_KEY first"
        )
    return f"{_hashed(with_, 'the name of this key')[:8]}-{_hashed(with_, number)}"


def comparable(one: str | None, other: str | None) -> bool:
    """Whether two pseudonyms are there and of one key: else they tell nothing of each other."""
    return bool(one and other) and str(one)[:8] == str(other)[:8]


def key(settings: Settings) -> bytes:
    """The instance's key; empty where it has none."""
    return pseudonym_key(settings).encode()


def _hashed(with_: bytes, text: str) -> str:
    return hmac.new(with_, text.encode(), hashlib.sha256).hexdigest()
