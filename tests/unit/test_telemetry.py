"""Logs: one JSON object per line, with fields."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import structlog

from shared import telemetry

Capture = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    names = ("", "newswire", "newswire.faststream")
    levels = {name: logging.getLogger(name).level for name in names}
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []  # or pytest's own would be closed
    yield
    root.handlers = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


def lines(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_json_with_service_level_time_and_fields(capsys: Capture) -> None:
    telemetry.start("projection", "info").info("folded", seq=7, subject="қаз")
    (line,) = lines(capsys)

    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo is not None
    assert line == {
        "event": "folded", "level": "info", "service": "projection", "seq": 7, "subject": "қаз",
    }  # fmt: skip


def test_an_error_carries_its_traceback_on_one_line(capsys: Capture) -> None:
    logger = telemetry.start("projection", "info")
    logger.error("parked", exc_info=ZeroDivisionError("no"))
    (line,) = lines(capsys)

    assert line["exception"].endswith("ZeroDivisionError: no")


def test_what_is_below_the_level_is_not_said(capsys: Capture) -> None:
    logger = telemetry.start("projection", "warning")
    logger.info("folded")
    logger.warning("overtaken")

    assert [line["event"] for line in lines(capsys)] == ["overtaken"]


def test_debug_is_ours_and_not_the_libraries(capsys: Capture) -> None:
    telemetry.start("projection", "debug").debug("ours")
    logging.getLogger("redis").info("theirs")
    logging.getLogger("newswire.faststream").info("a line per batch")
    logging.getLogger("redis").warning("their %s", "warning")

    assert [line["event"] for line in lines(capsys)] == ["ours", "their warning"]


def test_on_a_terminal_a_line_is_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    telemetry.start("projection", "info").info("folded", seq=7)

    assert "folded" in terminal.getvalue()
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(terminal.getvalue())
