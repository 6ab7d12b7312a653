"""The tiny service's relay as a process of its own: `python -m tests.chassis.tally_relay`."""

import signal

import structlog

from chassis.database import Database
from chassis.fault_points import arm
from chassis.relay import Relay
from chassis.settings import read
from chassis.telemetry import start_logging
from chassis.wire.publishing import BrokerCarrier
from tests.chassis.tally import SOURCE


def main() -> None:
    """Send what registration says out of the tiny service's database, until SIGTERM."""
    settings = read()
    start_logging(settings, process="relay tally")
    arm(settings.fault)
    relay = Relay(
        Database("tally", settings.database_of("tally")),
        BrokerCarrier(settings.broker_url, confirm_timeout=settings.confirm_timeout),
        source=SOURCE,
        batch=settings.relay_batch,
        poll=settings.relay_poll,
    )
    signal.signal(signal.SIGTERM, lambda *_: relay.stop())
    structlog.get_logger().info("relaying")
    relay.run()


if __name__ == "__main__":
    main()
