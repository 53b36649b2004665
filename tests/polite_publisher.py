"""A publisher that keeps a score of how politely it is polled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.http_server import Asked, answer

AGENT: Final = b"Newswire/"


@dataclass
class Score:
    """What one path was asked for; each list of offences is empty for a good guest."""

    etags: list[str]
    """Of its versions, one after the other; ``version`` says which is served."""
    retry_after_s: int | None = None
    """Every request is answered 429 with this, until it is None."""
    max_age_s: int | None = None
    version: int = 0
    asked_at_s: list[float] = field(default_factory=list)
    unconditional: int = 0
    """Requests without a validator; the first one has to be."""
    inexact: list[bytes] = field(default_factory=list)
    """Validators that this publisher never gave."""
    too_early: list[float] = field(default_factory=list)
    """Seconds by which a request came before it was welcome."""
    nameless: int = 0
    """Requests that did not say who asks."""
    _welcome_at_s: float = float("-inf")

    def take(self, asked: Asked, now_s: float) -> bytes:
        """Note a request and answer it."""
        self.asked_at_s.append(now_s)
        if now_s < self._welcome_at_s:
            self.too_early.append(self._welcome_at_s - now_s)
        if not (asked.field("user-agent") or b"").startswith(AGENT):
            self.nameless += 1
        known = self._known(asked)
        if self.retry_after_s is not None:
            self._welcome_at_s = now_s + self.retry_after_s
            again = f"Retry-After: {self.retry_after_s}"
            return answer(b"", again, status="429 Too Many Requests")
        etag = self.etags[self.version]
        fields = [f"ETag: {etag}"]
        if self.max_age_s is not None:
            self._welcome_at_s = now_s + self.max_age_s
            fields.append(f"Cache-Control: max-age={self.max_age_s}")
        if known == etag.encode("latin-1"):
            lines = b"\r\n".join(one.encode("latin-1") for one in fields)
            return b"HTTP/1.1 304 Not Modified\r\n" + lines + b"\r\n\r\n"
        return answer(b"<rss version='2.0'><channel/></rss>", *fields)

    def _known(self, asked: Asked) -> bytes | None:
        known = asked.field("if-none-match")
        if known is None:
            self.unconditional += 1
        elif known not in {one.encode("latin-1") for one in self.etags}:
            self.inexact.append(known)
        return known


@dataclass
class PolitePublisher:
    """Answers by path and watches that one request at a time comes, with a pause between two."""

    score_by_path: dict[str, Score]
    now_s: Callable[[], float]
    takes: Callable[[], None] = lambda: None
    """Called while a request is under way: lets a test's clock go on."""
    ended_at_s: list[float] = field(default_factory=list)
    begun_at_s: list[float] = field(default_factory=list)
    at_once_max: int = 0
    _under_way: int = 0

    @property
    def gaps_s(self) -> list[float]:
        """Between the end of each request and the start of the next."""
        pairs = zip(self.ended_at_s, self.begun_at_s[1:], strict=False)
        return [begun - ended for ended, begun in pairs]

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        self._under_way += 1
        self.at_once_max = max(self.at_once_max, self._under_way)
        self.begun_at_s.append(self.now_s())
        score = self.score_by_path.get(asked.path)
        missing = answer(b"", status="404 Not Found")
        data = missing if score is None else score.take(asked, self.now_s())
        await asyncio.sleep(0)  # others would have their turn here
        self.takes()
        self.ended_at_s.append(self.now_s())
        self._under_way -= 1
        writer.write(data)
        await writer.drain()
