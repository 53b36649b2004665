"""``python -m services.cli.named_redis``: wait for the Redis of ``NEWSWIRE_REDIS_URL``.

``newswire up`` runs it before the services, as a process of its own: a stop ends it whatever it
waits for (asking a name server cannot be interrupted), and with its own Valkey ``newswire up``
loads no client at all.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Final

from shared import settings
from shared.clock import monotonic_s
from shared.errors import Unavailable
from shared.redis_log import RedisLog
from shared.settings import Settings
from shared.telemetry import guarded

WAIT_S_MAX: Final = 30.0
"""For the Redis to answer: one that is started beside us does so long before."""
SAY_S: Final = 5.0
"""Between two lines about what is waited for."""
ANSWER_S_MAX: Final = 3.0
"""Longest wait for one answer: why there is none must be said soon."""
_POLL_S: Final = 0.5


async def wait(chosen: Settings, say: Callable[[str], None], within_s: float = WAIT_S_MAX) -> None:
    """Return when the Redis answers and keeps what it accepts; meanwhile say why it is waited for.

    Raises:
        Rejected: the URL is no Redis's.
        Unavailable: no answer for ``within_s``.
        UnsafeLog: it may lose events, or refuses the login.
    """
    log = RedisLog(chosen.redis_url, chosen.desk, ANSWER_S_MAX)
    try:
        await _wait(log, chosen, say, within_s)
    finally:
        await log.close()


async def _wait(
    log: RedisLog, chosen: Settings, say: Callable[[str], None], within_s: float
) -> None:
    where = settings.without_password(chosen.redis_url)
    began_at_s = say_at_s = monotonic_s()
    while True:
        try:
            return await log.check_durability(chosen.durability)
        except Unavailable as error:
            now_s = monotonic_s()
            if now_s - began_at_s >= within_s:
                raise Unavailable(_no_answer(where, within_s, error)) from error
            if now_s >= say_at_s:
                say(f"waiting for {where}: {error}")
                say_at_s = now_s + SAY_S
        await asyncio.sleep(_POLL_S)


def _no_answer(where: str, within_s: float, error: Unavailable) -> str:
    return (
        f"Waited {within_s:.0f} s for {where}: {str(error).rstrip('.')}. Start that Redis, or "
        "leave NEWSWIRE_REDIS_URL empty: `newswire up` then starts a Valkey of its own."
    )


def main() -> int:
    """Wait for the Redis of the environment; exit code 1: it does not answer, or is unsafe."""
    asyncio.run(wait(settings.read(os.environ), say=print))
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
