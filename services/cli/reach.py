"""The log of a desk, for the commands that look into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.redis_log import RedisLog


def log_of(redis_url: str, desk: str, answer_s_max: float | None = None) -> RedisLog:
    """A client of a desk's log; ``answer_s_max``: longest wait for an answer, None: as services."""
    from shared.redis_log import RedisLog  # noqa: PLC0415 - `newswire up` stays as long as its stack, and needs no client

    waits = () if answer_s_max is None else (answer_s_max,)
    return RedisLog(redis_url, desk, *waits)
