"""A bare AMQP client that reads every event: `python examples/bare_amqp_client.py amqp://… my-system`."""

import json
import sys

from kombu import Connection, Exchange, Queue
from kombu.mixins import ConsumerMixin

PREFIX = "cloudEvents_"


class Reader(ConsumerMixin):
    """Keeps a durable queue of its own, so that nothing is missed while it is down; reconnects by itself."""

    def __init__(self, connection, name):
        self.connection = connection
        events = Exchange("ocop.events", type="topic", passive=True)  # the instance declares it
        arguments = {"x-queue-type": "quorum"}
        self.queue = Queue(name, events, routing_key="#", queue_arguments=arguments)

    def get_consumers(self, consumer_class, channel):
        """`#` is every event; a type's name (`ScoredAtDistrict`) would be that type alone."""
        return [consumer_class([self.queue], on_message=self.on_message, prefetch_count=50)]

    def on_message(self, message):
        """Attributes travel as headers, the data as the body; acknowledge what has been dealt with, never before."""
        headers = message.headers.items()
        event = {key.removeprefix(PREFIX): value for key, value in headers if PREFIX in key}
        print(json.dumps({"event": event, "data": json.loads(message.body)}), flush=True)
        message.ack()


if __name__ == "__main__":
    broker_url, queue_name = sys.argv[1:]
    Reader(Connection(broker_url, heartbeat=30), queue_name).run()
