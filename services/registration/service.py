"""The nameko service: registration's ears on the broker."""

from collections.abc import Sequence

from chassis.hearing import Heard
from chassis.wire.ears import Ears
from chassis.wire.listening import listens
from contracts.envelope import Event
from services.registration.hearing import reactions


class RegistrationService:
    """Shows where a dossier stands; see `hearing` for what it hears."""

    name = "registration"
    ears = Ears(reactions)

    @listens
    def on_events(self, events: Sequence[Event]) -> list[Heard]:
        """One group of events from the service's queue, in one transaction."""
        return self.ears.hear(events)
