"""A plain nameko service that hears a result: `nameko run --broker amqp://… examples.plain_nameko_service`."""

import json

from nameko.events import event_handler


class ResultBoard:
    """Prints every result of a district council; nameko names its queue by the service and the method."""

    name = "result_board"

    @event_handler("evaluation", "ScoredAtDistrict")
    def on_scored(self, data):
        """`data` is the event's JSON body; docs/events.md says what is in it."""
        print(json.dumps({"heard": "ScoredAtDistrict", "data": data}), flush=True)
