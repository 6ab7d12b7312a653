"""Where an assessment stands."""

from enum import StrEnum


class Status(StrEnum):
    """waiting → scoring → opened → concluded; withdrawn from anywhere before concluded."""

    WAITING = "waiting"
    SCORING = "scoring"
    OPENED = "opened"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


ENDED = (Status.CONCLUDED, Status.WITHDRAWN)
"""Nothing more happens in these."""
