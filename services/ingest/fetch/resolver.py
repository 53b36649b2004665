"""Names to addresses, in threads of our own.

A lookup cannot be called off. In the executor that everything else shares, a few name servers that
do not answer would stop every other lookup.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Final

from services.ingest.fetch.addresses import Address, parsed

LOOKUPS_MAX: Final = 64
"""Lookups under way at once; a thread each, which ends with its lookup."""

Resolve = Callable[[str], Awaitable[tuple[Address, ...]]]
"""All addresses of a name, in the order in which to try them; none: it has none.

An OSError says that nobody could be asked.
"""

_lookups = threading.BoundedSemaphore(LOOKUPS_MAX)


async def resolve(name: str) -> tuple[Address, ...]:
    """All addresses of a name, as the system finds them.

    Raises:
        OSError: the name is not known, or nobody could be asked.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[Address, ...]] = loop.create_future()
    if not _lookups.acquire(blocking=False):
        raise OSError("too many lookups are under way")
    # A daemon: a process that stops does not wait for a name server.
    thread = threading.Thread(target=_look_up, args=(name, loop, answer), daemon=True)
    try:
        thread.start()
    except RuntimeError as error:  # the system has none left; the place must not be lost
        _lookups.release()
        raise OSError("no thread for a lookup") from error
    return await answer


def _look_up(
    name: str,
    loop: asyncio.AbstractEventLoop,
    answer: asyncio.Future[tuple[Address, ...]],
) -> None:
    found: tuple[Address, ...] | OSError
    try:
        found = _addresses(name)
    except OSError as error:
        found = error
    except UnicodeError:  # a label that the system's codec does not take
        found = OSError("the name cannot be asked for")
    finally:
        _lookups.release()
    try:
        loop.call_soon_threadsafe(_tell, answer, found)
    except RuntimeError:
        return  # the loop was closed while we waited


def _addresses(name: str) -> tuple[Address, ...]:
    answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    found = (parsed(str(sockaddr[0])) for *_, sockaddr in answers)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _tell(
    answer: asyncio.Future[tuple[Address, ...]], found: tuple[Address, ...] | OSError
) -> None:
    if answer.done():
        return  # nobody waits any more
    if isinstance(found, OSError):
        answer.set_exception(found)
    else:
        answer.set_result(found)
