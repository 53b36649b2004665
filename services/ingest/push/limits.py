"""How much one key may send, and how often one address may come without a key that is known.

In memory of this process: with a restart everybody has a full quota again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil, floor
from typing import Final, NamedTuple

from shared import clock
from shared.keys import KEYS_MAX

WINDOW_S: Final = 60
FAILURES_PER_MINUTE: Final = 60
"""Requests of one address without a key that is known, after which nobody looks for their key."""
ADDRESSES_MAX: Final = 10_000
"""Addresses that are remembered, those that failed last; one that is forgotten has its quota again.
"""
_EXACT: Final = 1e-6
"""Of a token: what floating point may lose."""


class Standing(NamedTuple):
    """Where one quota stands. Source: draft-ietf-httpapi-ratelimit-headers-10."""

    name: str
    quota: int
    """In WINDOW_S, and the most that may be taken at once."""
    left: int
    full_s: int
    """In so many seconds the quota is whole again."""

    @property
    def policy(self) -> str:
        """As an item of ``RateLimit-Policy``."""
        # The unit of requests is the usual one; the draft's others are none of ours.
        unit = "" if self.name != "items" else ';qu="items"'
        return f'"{self.name}";q={self.quota};w={WINDOW_S}{unit}'

    @property
    def limit(self) -> str:
        """As an item of ``RateLimit``."""
        return f'"{self.name}";r={self.left};t={self.full_s}'


@dataclass(slots=True)
class Bucket:
    """Tokens that come back evenly; what is only counted when it has come may leave a debt."""

    quota: int
    _full_at_s: float = 0.0

    def take(self, count: int, now_s: float) -> None:
        """Take tokens, whether there are so many or not."""
        self._full_at_s = max(self._full_at_s, now_s) + count * WINDOW_S / self.quota

    def wait_s(self, now_s: float) -> int:
        """In how many seconds there is a token; 0: there is one."""
        lacking = 1 - self._left(now_s)
        return ceil(lacking * WINDOW_S / self.quota - _EXACT) if lacking > _EXACT else 0

    def standing(self, name: str, now_s: float) -> Standing:
        """Where it stands."""
        left = max(0, floor(self._left(now_s) + _EXACT))
        full_s = max(0, ceil(self._full_at_s - now_s - _EXACT))
        return Standing(name, self.quota, left, full_s)

    def _left(self, now_s: float) -> float:
        return self.quota - max(0.0, self._full_at_s - now_s) * self.quota / WINDOW_S


@dataclass(slots=True)
class Buckets:
    """A bucket for each of many, as many as are remembered."""

    quota: int
    kept_max: int
    _by_name: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    def of(self, name: str) -> Bucket:
        """The bucket of one; a new one is full."""
        found = self._by_name.setdefault(name, Bucket(self.quota))
        self._by_name.move_to_end(name)
        if len(self._by_name) > self.kept_max:
            self._by_name.popitem(last=False)
        return found

    def peek(self, name: str) -> Bucket:
        """The same, without remembering a new one."""
        return self._by_name.get(name) or Bucket(self.quota)


class Limits:
    """The quotas of a push door; 0 a minute: any number."""

    def __init__(
        self,
        requests_per_minute: int = 0,
        items_per_minute: int = 0,
        monotonic_s: Callable[[], float] = clock.monotonic_s,
    ) -> None:
        per_minute = {"requests": requests_per_minute, "items": items_per_minute}
        self._of_keys = {
            name: Buckets(quota, KEYS_MAX) for name, quota in per_minute.items() if quota
        }
        self._failures = Buckets(FAILURES_PER_MINUTE, ADDRESSES_MAX)
        self._known: OrderedDict[str, None] = OrderedDict()
        self._now_s = monotonic_s

    def wait_s(self, key_id: str) -> int:
        """In how many seconds a request of a key is taken; 0: now. Asking takes nothing."""
        waits = (one.peek(key_id).wait_s(self._now_s()) for one in self._of_keys.values())
        return max(waits, default=0)

    def came(self, key_id: str) -> None:
        """A request of a key was let in."""
        self._take("requests", key_id, 1)
        self._known[key_id] = None
        if len(self._known) > KEYS_MAX:
            self._known.popitem(last=False)

    def brought(self, key_id: str, items: int) -> None:
        """A request of a key has brought items, good or bad."""
        self._take("items", key_id, items)

    def standings(self, key_id: str) -> list[Standing]:
        """Where the quotas of a key stand."""
        return [
            one.peek(key_id).standing(name, self._now_s()) for name, one in self._of_keys.items()
        ]

    def failure_wait_s(self, address: str, key_id: str | None) -> int:
        """In how many seconds a request is looked at; 0: now.

        One that names a key that was let in before is looked at whatever its address did: behind a
        proxy, everybody has the same.
        """
        if key_id is not None and key_id in self._known:
            return 0
        return self._failures.peek(_network(address)).wait_s(self._now_s())

    def failed(self, address: str) -> None:
        """A request came without a key that is known."""
        self._failures.of(_network(address)).take(1, self._now_s())

    def failure_standings(self, address: str) -> list[Standing]:
        """Where the quota of an address stands."""
        return [self._failures.peek(_network(address)).standing("failures", self._now_s())]

    def _take(self, name: str, key_id: str, count: int) -> None:
        if name in self._of_keys and count:
            self._of_keys[name].of(key_id).take(count, self._now_s())


def fields(standings: list[Standing]) -> Iterator[tuple[str, str]]:
    """The header fields that say where quotas stand."""
    if standings:
        yield "RateLimit-Policy", ", ".join(one.policy for one in standings)
        yield "RateLimit", ", ".join(one.limit for one in standings)


def _network(address: str) -> str:
    """What one client may choose its addresses from: of IPv6, 64 bits."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""  # a socket without addresses
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ip_network((int(found), 64), strict=False))
    return str(found)
