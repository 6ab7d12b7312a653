"""Numbers that a producing entity is known by outside the programme: checked, and written in one way."""

import re
from typing import Any

from marshmallow import ValidationError, fields
from stdnum import exceptions
from stdnum.vn import mst

from chassis.people import PERSONAL

PHONE = re.compile(r"(?:\+84|0)[1-9]\d{8,9}|1[89]00\d{4,6}", re.ASCII)
"""A subscriber's number with the country's or the trunk prefix, or a service number."""
SEPARATORS = str.maketrans("", "", " .-()")


class TaxCode(fields.String):
    """A firm's tax code of 10 digits, 13 for a branch, or a household's personal number of 12; dashed as on paper."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        number = mst.compact(super()._deserialize(value, attr, data, **kwargs))
        if PERSONAL.fullmatch(number):
            return number
        try:
            return str(mst.format(mst.validate(number)))
        except (exceptions.ValidationError, ValueError):
            raise ValidationError(
                "is no tax code: 10 digits, 13 for a branch, or a personal number of 12"
            ) from None


class Phone(fields.String):
    """A Vietnamese telephone number, kept without what separates its digits."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        number = str(super()._deserialize(value, attr, data, **kwargs)).translate(SEPARATORS)
        if not PHONE.fullmatch(number):
            raise ValidationError("is no Vietnamese telephone number, such as 0912 345 678")
        return number
