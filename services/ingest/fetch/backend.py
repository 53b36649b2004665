"""Connections: made to addresses that were judged, and read up to a budget.

This is the one place where a name becomes an address. It is resolved once; every answer is judged;
the connection goes to an address that was judged, not to the name again, so that a second answer
(DNS rebinding) has no effect. TLS and the Host field go by the name.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Sequence
from typing import Any, Final

import httpcore2

from services.ingest.fetch.addresses import Address, Network, parsed, refusal
from services.ingest.fetch.resolver import Resolve
from services.ingest.fetch.words import Trouble

READ_BYTES_MAX: Final = 16_384
"""Of one read: what is parsed before others have their turn."""
TRIED_MAX: Final = 4
"""Addresses of a name to which a connection is tried, one after the other."""


class BudgetSpent(Exception):
    """More bytes came than may."""


class MeteredStream(httpcore2.AsyncNetworkStream):
    """A connection that is read up to a budget and says whether its other end has closed it."""

    def __init__(self, inner: httpcore2.AsyncNetworkStream, budget_bytes: int) -> None:
        self._inner = inner
        self.budget_bytes = budget_bytes
        """So much may still come."""
        self.is_ended = False
        self.is_silent = True
        """Nothing came so far."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes as they come; none at the end.

        Raises:
            BudgetSpent: more came than may.
        """
        data = await self._inner.read(min(max_bytes, READ_BYTES_MAX), timeout)
        self.is_ended = not data
        self.is_silent = self.is_silent and self.is_ended
        self.budget_bytes -= len(data)
        if self.budget_bytes < 0:
            raise BudgetSpent
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """The same connection under TLS, with what is left of the budget."""
        self._inner = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        return self

    def get_extra_info(self, info: str) -> Any:
        """What the connection underneath says."""
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Makes one connection, to an address that may be connected to."""

    def __init__(self, resolve: Resolve, allowed: Sequence[Network], head_bytes_max: int) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._head_bytes_max = head_bytes_max
        self._dialer = httpcore2.AnyIOBackend()
        self.stream: MeteredStream | None = None
        """The connection, once it is made; its budget is that of a head."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to one of the addresses of a host, each of which was judged.

        Raises:
            Trouble: address-refused, name-unresolved.
            httpcore2.ConnectError, httpcore2.ConnectTimeout: none of them answers.
        """
        addresses = await self._judged(host)
        tried = addresses[:TRIED_MAX]
        each_s = None if timeout is None else timeout / len(tried)
        for address in tried:
            try:
                inner = await self._dialer.connect_tcp(
                    str(address), port, each_s, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if address == tried[-1]:
                    raise
            else:
                self.stream = MeteredStream(inner, self._head_bytes_max)
                break
        if self.stream is None:
            raise httpcore2.ConnectError("no address was tried")
        return self.stream

    async def sleep(self, seconds: float) -> None:
        """Wait; only a connection that is tried again would, and none is."""
        await self._dialer.sleep(seconds)

    async def _judged(self, host: str) -> tuple[Address, ...]:
        literal = parsed(host)
        addresses = (literal,) if literal is not None else await self._answers(host)
        for address in addresses:
            if what := refusal(address, self._allowed):
                shown = host if literal is not None else f"{host} at an address that is"
                raise Trouble(
                    "address-refused",
                    f"expected a public address, came {shown} {what}; an operator may allow its "
                    "network with NEWSWIRE_FETCH_ALLOW",
                )
        return addresses

    async def _answers(self, name: str) -> tuple[Address, ...]:
        try:
            addresses = await self._resolve(name)
        except OSError as error:
            detail = f"no address of {name}: {error.strerror or error}"
            raise Trouble("name-unresolved", detail) from error
        if not addresses:
            raise Trouble("name-unresolved", f"{name} has no address")
        return addresses
