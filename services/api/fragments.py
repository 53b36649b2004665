"""What lists show of articles, kept ready as long as it holds: lists show the same ones again.

Kept by the last event of an article, whatever was asked: what a list has is read from the views for
every request, and a fragment only stands in for reading what they say of one article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.views import Connection

KEPT_BYTES_MAX: Final = 16_000_000
"""Of one connection: some twelve thousand articles, those listed last."""

_SEEN: Final = """
SELECT (SELECT count(*) FROM parked), (SELECT total(seq) FROM parked),
  (SELECT max(number) FROM late), (SELECT max(seq) FROM story_version),
  (SELECT max(seq) FROM story_merged)
"""
_MOVED: Final = """
SELECT n.seq FROM story_version v
CROSS JOIN story_article a ON a.story_id = v.story_id AND a.seq = v.seq
CROSS JOIN article n INDEXED BY article_narrow ON n.article_id = a.article_id
WHERE v.seq > ?
"""


@dataclass(frozen=True, slots=True)
class _Seen:
    """How far the views had come when fragments were last looked through."""

    taken_up: tuple[int, float, int | None]
    """Which events were set aside, and which taken up late: those come before others."""
    story_seq: int
    """Of the last event that said of an article that it is in a story, or is not."""
    merged_seq: int
    """Of the last one by which a story ended in another, with all its articles."""


class Fragments:
    """Fragments of one view file, for one connection."""

    def __init__(self, kept_bytes_max: int = KEPT_BYTES_MAX) -> None:
        self._half = kept_bytes_max // 2
        self._newer: dict[str, bytes] = {}
        self._older: dict[str, bytes] = {}
        """What was kept before; from here what is asked for again is taken over."""
        self._bytes = 0
        """Of the newer ones."""
        self._seen: _Seen | None = None

    def hold(self, connection: Connection) -> None:
        """Forget what may have changed since the last look. Call it when the views have moved.

        What an article says changes with its last event alone. Its story does so with events of
        stories.
        """
        *taken_up, story_seq, merged_seq = connection.execute(_SEEN).fetchone()
        now = _Seen(tuple(taken_up), story_seq or 0, merged_seq or 0)
        then, self._seen = self._seen, now
        if then is None or (then.taken_up, then.merged_seq) != (now.taken_up, now.merged_seq):
            self._newer, self._older, self._bytes = {}, {}, 0
        elif then.story_seq != now.story_seq:
            for (seq,) in connection.execute(_MOVED, (then.story_seq,)):
                self._newer.pop(str(seq), None)
                self._older.pop(str(seq), None)

    def find(self, seqs: Sequence[str]) -> list[bytes | None]:
        """The fragments of articles by the seqs of their last events; None: it is not kept."""
        found = list(map(self._newer.get, seqs))
        if None in found:
            return [one or self._again(seq) for seq, one in zip(seqs, found, strict=True)]
        return found

    def _again(self, seq: str) -> bytes | None:
        if found := self._older.pop(seq, None):
            self.keep(seq, found)
        return found

    def keep(self, seq: str, fragment: bytes) -> None:
        """Keep a fragment; those not asked for longest go when there is too much."""
        self._newer[seq] = fragment
        self._bytes += len(fragment)
        if self._bytes > self._half:
            self._older, self._newer, self._bytes = self._newer, {}, 0
