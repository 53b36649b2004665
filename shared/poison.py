"""What both consumers do with an event that fails: try, set aside, and stop when it is the code."""

from __future__ import annotations

from typing import Final

ATTEMPTS_MAX: Final = 3
"""Tries of one event before it is set aside."""
FAILURES_IN_A_ROW_MAX: Final = 10
"""Events failing one after the other: then it is the code, not the events, and the worker stops."""


class RunOfFailuresError(Exception):
    """Too many events failed one after the other. Our bug; the last of them is still to come."""


def run_of_failures(failures: int, position: str, error: Exception) -> RunOfFailuresError:
    """The error that stops a worker, with its sentence."""
    return RunOfFailuresError(
        f"{failures} events failed one after the other, the last at {position} with: {error}. "
        "It is still to come; mend the code."
    )
