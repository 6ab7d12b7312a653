"""The nameko service: evaluation's ears on the broker."""

from collections.abc import Sequence

from chassis.hearing import Heard
from chassis.wire.ears import Ears
from chassis.wire.listening import listens
from contracts.envelope import Event
from services.evaluation.hearing import reactions


class EvaluationService:
    """Takes in what communes have verified; see `hearing` for what it hears."""

    name = "evaluation"
    ears = Ears(reactions)

    @listens
    def on_events(self, events: Sequence[Event]) -> list[Heard]:
        """One group of events from the service's queue, in one transaction."""
        return self.ears.hear(events)
