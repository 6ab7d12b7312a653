"""The nameko service: promotion's ears on the broker."""

from collections.abc import Sequence

from chassis.hearing import Heard
from chassis.wire.ears import Ears
from chassis.wire.listening import listens
from contracts.envelope import Event
from services.promotion.hearing import reactions


class PromotionService:
    """Keeps the catalogue in step with the certificates; see `hearing` for what it hears."""

    name = "promotion"
    ears = Ears(reactions)

    @listens
    def on_events(self, events: Sequence[Event]) -> list[Heard]:
        """One group of events from the service's queue, in one transaction."""
        return self.ears.hear(events)
