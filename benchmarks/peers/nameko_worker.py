"""Plain nameko, ten workers, one transaction per message: `python -m benchmarks.peers.nameko_worker SERVICE`."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from kombu import Queue  # noqa: E402
from nameko.messaging import Consumer  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from sqlalchemy import Connection, create_engine  # noqa: E402

from benchmarks.peers import statements  # noqa: E402
from chassis.wire import patience  # noqa: E402
from chassis.wire.topology import queue_of  # noqa: E402

SERVICE = sys.argv[1]
AT_ONCE = int(os.environ["BENCH_AT_ONCE"])
ENGINE = create_engine(os.environ["BENCH_DATABASE_URL"], pool_size=AT_ONCE, max_overflow=0)


class WithHeaders(Consumer):  # type: ignore[misc]  # nameko ships no types
    """nameko's own consumer; the worker gets the undecoded body and the headers."""

    def handle_message(self, body: Any, message: Any) -> None:
        """As nameko does it, with the headers beside the body."""
        super().handle_message((message.headers, message.body), message)


class Peer:
    """One worker per message."""

    name = "peer"

    @WithHeaders.decorator(queue=Queue(queue_of(SERVICE), no_declare=True))  # type: ignore[untyped-decorator]
    def hear(self, message: tuple[dict[str, Any], bytes | str]) -> None:
        """One message, one transaction."""
        headers, body = message
        with ENGINE.begin() as connection:
            statements.spin(statements.hear(SERVICE, _run_on(connection), headers, body))


def _run_on(connection: Connection) -> Any:
    async def run(statement: Any, values: dict[str, Any]) -> Any:
        return connection.execute(statement, values)

    return run


def main() -> None:
    """Hear the service's queue until SIGTERM."""
    patience.require()
    runner = ServiceRunner({"AMQP_URI": os.environ["BENCH_BROKER_URL"], "max_workers": AT_ONCE})
    runner.add_service(Peer)
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(runner.kill))
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main()
