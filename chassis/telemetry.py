"""Logs as JSON lines (or text for a terminal), with what every line carries; no personal data is ever logged."""

import logging
import sys

import structlog

from chassis.settings import Settings


def start_logging(settings: Settings, *, process: str) -> None:
    """Set this process's logs up; `process` is e.g. `web`, `worker evaluation`."""
    level = getattr(logging, settings.log_level.upper())
    steps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    if settings.log_format == "text":
        steps.remove(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*steps, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process, province=settings.province)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[
        structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        foreign_pre_chain=steps))  # fmt: skip
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
