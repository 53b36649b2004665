"""The opaque cursor: one text for every way to go on, through a list, after changes, on the stream.

It holds nothing secret and is not signed; a checksum tells a garbled or foreign one from ours, and
the mark of an event tells whether it is of this log.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final, assert_never

import orjson

from shared.errors import Rejected
from shared.hashing import sha256
from shared.streams import Checkpoint

_CHECK_CHARS: Final = 8
_MARK_CHARS: Final = 8
"""Of the hash of an event's id: of two logs one pair in four billion is taken for the same."""
_NUMBER_MAX: Final = 2**53 - 1
"""Of every number in a cursor: a forged one must not be more than SQLite can compare."""
_NUMBER: Final = b"newswire cursor 2 "
_NUMBER_BEFORE: Final = b"newswire cursor 1 "
"""Cursors without a mark: they cannot be told from those of another log."""


@dataclass(frozen=True, slots=True)
class Since:
    """What came after this event of the wire."""

    seq: int
    mark: str = ""
    """Of the event with this seq; empty where there is none: before the first event."""


@dataclass(frozen=True, slots=True)
class After:
    """The next articles of a list, after the one with this key."""

    ordered_at: str
    place: int
    article_id: str
    since: Since
    """Where the view stood when the walk through the list began: changes are polled from there."""


@dataclass(frozen=True, slots=True)
class AfterStory:
    """The next stories of a list, after the one with this key."""

    seq: int
    story_id: str
    since: Since
    """As in ``After``."""


@dataclass(frozen=True, slots=True)
class AfterUpdate:
    """The next articles of a list by their last events, after the one with this event."""

    seq: int
    article_id: str
    since: Since
    """As in ``After``."""


Cursor = After | AfterUpdate | Since


def since(at: Checkpoint) -> Since:
    """What came after a checkpoint."""
    return event(at.seq, at.event_id)


def event(seq: int, event_id: str) -> Since:
    """What came after an event."""
    return Since(seq, sha256(event_id.encode())[:_MARK_CHARS]) if seq else Since(0)


def text(cursor: Cursor | AfterStory) -> str:
    """A cursor as clients keep it: letters, digits, hyphens and underscores."""
    match cursor:
        case After():
            begin = cursor.since
            parts: list[Any] = [
                cursor.ordered_at, cursor.place, cursor.article_id, begin.seq, begin.mark,
            ]  # fmt: skip
        case AfterUpdate():
            begin = cursor.since
            parts = ["updated", cursor.seq, cursor.article_id, begin.seq, begin.mark]
        case AfterStory():
            parts = [cursor.seq, cursor.story_id, cursor.since.seq, cursor.since.mark]
        case Since():
            parts = [cursor.seq, cursor.mark]
        case _:
            assert_never(cursor)
    payload = orjson.dumps(parts)
    return base64.urlsafe_b64encode(_check(_NUMBER, payload) + payload).rstrip(b"=").decode()


def read(cursor_text: str) -> Cursor:
    """The cursor that a client brought back.

    Raises:
        Rejected: it is none of ours, garbled, or of an earlier version of the api.
    """
    match _parts(cursor_text):
        case [int(seq), str(mark)] if _is_place(seq, mark):
            return Since(seq, mark)
        case ["updated", int(before), str(article_id), int(seq), str(mark)] if _is_count(
            before
        ) and _is_place(seq, mark):
            return AfterUpdate(before, article_id, Since(seq, mark))
        case [str(ordered_at), int(place), str(article_id), int(seq), str(mark)] if _is_count(
            place
        ) and _is_place(seq, mark):
            return After(ordered_at, place, article_id, Since(seq, mark))
        case _:
            raise Rejected(
                "Expected a cursor exactly as an answer of /v1/articles or /v1/events gave it in "
                "next or cursor, or an event of /v1/stream in id. Leave the cursor out to begin "
                "with the newest article, on the stream with the next event."
            )


def read_since(cursor_text: str) -> Since:
    """The cursor with which a client goes on after an event.

    Raises:
        Rejected: as in ``read``, or it is for a page of a list.
    """
    cursor = read(cursor_text)
    if isinstance(cursor, Since):
        return cursor
    raise Rejected(
        "This cursor is for the following page of a list. Expected the cursor of the list, or the "
        "id of an event of /v1/stream."
    )


def read_story(cursor_text: str) -> AfterStory | Since:
    """The cursor that a client of the list of stories brought back.

    Raises:
        Rejected: as in ``read``, or it is for a page of articles.
    """
    match _parts(cursor_text):
        case [int(seq), str(mark)] if _is_place(seq, mark):
            return Since(seq, mark)
        case [int(before), str(story_id), int(seq), str(mark)] if _is_count(before) and _is_place(
            seq, mark
        ):
            return AfterStory(before, story_id, Since(seq, mark))
        case _:
            raise Rejected(
                "Expected a cursor exactly as an answer of /v1/stories gave it in next or cursor, "
                "or an event of /v1/stream in id. Leave the cursor out to begin with the story "
                "that changed last."
            )


def _parts(cursor_text: str) -> Any:
    """What a cursor of ours holds; None: it is none."""
    try:
        raw = base64.b64decode(cursor_text + "=" * (-len(cursor_text) % 4), b"-_", validate=True)
        check, payload = raw[:_CHECK_CHARS], raw[_CHECK_CHARS:]
        if check == _check(_NUMBER_BEFORE, payload):
            raise Rejected(
                "This cursor was given by an earlier version of this api. Read the list afresh, "
                "and go on with the cursor that it gives."
            )
        return orjson.loads(payload) if check == _check(_NUMBER, payload) else None
    except (ValueError, binascii.Error):
        return None


def _is_place(seq: int, mark: str) -> bool:
    """Whether this is a place on a log; before the first event there is nothing to mark."""
    return _is_count(seq) and len(mark) == (_MARK_CHARS if seq else 0)


def _is_count(number: int) -> bool:
    """Whether this is a number that a cursor of ours can have; JSON's ``true`` is none."""
    return type(number) is int and 0 <= number <= _NUMBER_MAX


def _check(number: bytes, payload: bytes) -> bytes:
    return sha256(number + payload)[:_CHECK_CHARS].encode()
