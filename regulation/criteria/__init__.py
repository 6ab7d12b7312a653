"""Criteria sets: what a product is scored by.

`shape` says what a set is, `reading` takes one from data, `checks` sees that it adds up.
"""

from regulation.criteria.reading import read_criteria_set
from regulation.criteria.shape import (
    CriteriaSet,
    Criterion,
    Ground,
    Group,
    Kind,
    Option,
    Part,
    Section,
)

__all__ = [
    "CriteriaSet",
    "Criterion",
    "Ground",
    "Group",
    "Kind",
    "Option",
    "Part",
    "Section",
    "read_criteria_set",
]
