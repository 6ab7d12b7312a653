"""How evaluation remembers: rows, their translation to aggregates, and the only writer of its outbox.

Read in this order: tables, facts (how facts are kept as JSON), councils, sheets, representatives, assessments.
"""

from services.evaluation.storage.assessments import (
    SqlAssessments,
    SqlMinutesBook,
    to_assessment,
    to_assessments,
)
from services.evaluation.storage.councils import SqlCouncils, SqlRounds, to_council, to_round
from services.evaluation.storage.representatives import SqlRepresentatives
from services.evaluation.storage.sheets import SqlSheets

__all__ = [
    "SqlAssessments",
    "SqlCouncils",
    "SqlMinutesBook",
    "SqlRepresentatives",
    "SqlRounds",
    "SqlSheets",
    "to_assessment",
    "to_assessments",
    "to_council",
    "to_round",
]
