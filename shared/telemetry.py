"""Logs: fields, one line per fate, ids always. JSON lines; readable where stderr is a terminal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Final

import structlog

from shared.errors import NewswireError
from shared.faults import visible
from shared.settings import LogLevel

_OF_LINES: Final = frozenset({"exception", "stack"})


def guarded(main: Callable[[], int]) -> int:
    """The exit code of a main; an error with a planned fate is one sentence on stderr and 1."""
    try:
        return main()
    except NewswireError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def start(service: str, level: LogLevel) -> structlog.stdlib.BoundLogger:
    """The service's logger. Called once, by ``main``; libraries' warnings come out alike."""
    number = logging.getLevelNamesMapping()[level.upper()]
    # JSON escapes what would steer a terminal by itself.
    renderers: list[structlog.types.Processor] = (
        [_harmless, structlog.dev.ConsoleRenderer()]
        if sys.stderr.isatty()
        else [structlog.processors.JSONRenderer()]
    )
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger("newswire").setLevel(number)
    logging.getLogger("newswire.faststream").setLevel(logging.WARNING)
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("newswire")
    return logger.bind(service=service)


def _harmless(
    _logger: object, _method: str, fields: structlog.types.EventDict
) -> structlog.types.EventDict:
    """The fields of a line for people, without what would steer their terminal.

    A traceback keeps its lines; its last ones may hold a source's words.
    """
    told = {
        name: visible(value) if isinstance(value, str) else value for name, value in fields.items()
    }
    for name in _OF_LINES & fields.keys():
        told[name] = "\n".join(map(visible, str(fields[name]).split("\n")))
    return told
