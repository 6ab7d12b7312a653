"""Logs as JSON lines (or text for a terminal), with what every line carries; no personal data is ever logged."""

import atexit
import logging
import sys

import structlog

from chassis.settings import Settings

WITHOUT_VALUES = structlog.dev.plain_traceback
"""structlog's own choice prints every variable of every frame, and with them people's data."""


def start_logging(settings: Settings, *, process: str) -> None:
    """Set this process's logs up; `process` is e.g. `web`, `worker evaluation`."""
    level = getattr(logging, settings.log_level.upper())
    steps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _said_by(process, settings.province),
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=WITHOUT_VALUES
        )
    )
    if settings.log_format == "text":
        steps.remove(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*steps, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[
        structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        foreign_pre_chain=steps))  # fmt: skip
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


def start_tracing(settings: Settings) -> None:
    """Have this process's spans collected where the settings say so. Before its hearers are made."""
    if settings.traces_url:
        from chassis import spans  # OpenTelemetry is loaded where it is used

        atexit.register(spans.start(settings.traces_url, settings.province))


def start_quietly() -> None:
    """Logs of a command that prints: warnings and worse, as text on stderr, so that stdout holds the answer alone."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=WITHOUT_VALUES),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _said_by(process: str, province: str) -> structlog.typing.Processor:
    """Puts the process on every line, whichever thread or greenlet writes it: those begin without our context."""

    def add(
        _logger: object, _method: str, line: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        line.setdefault("process", process)
        line.setdefault("province", province)
        return line

    return add
