"""The opaque cursor: one text for every way to go on, through a list, after changes, on the stream.

It holds nothing secret and is not signed; a checksum tells a garbled or foreign one from ours, and
the mark of an event tells whether it is of this log.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, assert_never

import orjson
from pydantic import BaseModel

from shared.errors import Rejected
from shared.hashing import sha256
from shared.streams import Checkpoint

KEPT_MAX: Final = 1_000
"""Cursors with their texts: those of a list are given and brought back often while it stands."""
_CHECK_CHARS: Final = 8
_MARK_CHARS: Final = 8
"""Of the hash of an event's id: of two logs one pair in four billion is taken for the same."""
_NUMBER_MAX: Final = 2**53 - 1
"""Of every number in a cursor: a forged one must not be more than SQLite can compare."""
_NUMBER: Final = b"newswire cursor 3 "
_NUMBERS_BEFORE: Final = (b"newswire cursor 1 ", b"newswire cursor 2 ")
"""The first had no mark; the second did not say of which list a page was."""
_CHOSEN_CHARS: Final = 8
_CHOOSES_NOTHING: Final = frozenset({"cursor", "facets", "fields", "format", "limit", "wait"})
"""Parameters that decide neither which items a list has nor their order."""


@dataclass(frozen=True, slots=True)
class Since:
    """What came after this event of the wire."""

    seq: int
    mark: str = ""
    """Of the event with this seq; empty where there is none: before the first event."""
    late: int = 0
    """Number of the last event heard of that was taken up late; 0: those that were taken up when
    the views stood here or further are not heard of."""


@dataclass(frozen=True, slots=True)
class After:
    """The next articles of a list, after the one with this key."""

    ordered_at: str
    place: int
    article_id: str
    since: Since
    """Where the view stood when the walk through the list began: changes are polled from there."""
    chosen: str = ""
    """Which list it is: ``chosen`` of the parameters."""


@dataclass(frozen=True, slots=True)
class AfterStory:
    """The next stories of a list, after the one with this key."""

    seq: int
    story_id: str
    since: Since
    """As in ``After``."""
    chosen: str = ""
    """As in ``After``."""


@dataclass(frozen=True, slots=True)
class AfterUpdate:
    """The next articles of a list by their last events, after the one with this event."""

    seq: int
    article_id: str
    since: Since
    """As in ``After``."""
    chosen: str = ""
    """As in ``After``."""


Cursor = After | AfterUpdate | Since


def chosen(name: str, query: BaseModel) -> str:
    """What a list was asked for, filters and order, in short; the same however it was written.

    ``name``: of the list. Parameters that were left out do not count, so that one more of them
    leaves the cursors as they are.
    """
    asked = query.model_dump(mode="json", exclude_defaults=True)
    kept = {
        parameter: sorted(set(value)) if isinstance(value, list) else value
        for parameter, value in asked.items()
        if parameter not in _CHOOSES_NOTHING
    }
    return sha256(orjson.dumps([name, kept], option=orjson.OPT_SORT_KEYS))[:_CHOSEN_CHARS]


def since(at: Checkpoint, late: int = 0) -> Since:
    """What came after a checkpoint, and after an event that was taken up late there."""
    return event(at.seq, at.event_id, late)


def event(seq: int, event_id: str, late: int = 0) -> Since:
    """What came after an event."""
    return Since(seq, sha256(event_id.encode())[:_MARK_CHARS] if seq else "", late)


@lru_cache(maxsize=KEPT_MAX)
def text(cursor: Cursor | AfterStory) -> str:
    """A cursor as clients keep it: letters, digits, hyphens and underscores."""
    match cursor:
        case After():
            parts: list[Any] = [
                "a", cursor.chosen, cursor.ordered_at, cursor.place, cursor.article_id,
                *_numbers(cursor.since),
            ]  # fmt: skip
        case AfterUpdate():
            parts = ["u", cursor.chosen, cursor.seq, cursor.article_id, *_numbers(cursor.since)]
        case AfterStory():
            parts = ["t", cursor.chosen, cursor.seq, cursor.story_id, *_numbers(cursor.since)]
        case Since():
            parts = ["s", *_numbers(cursor)]
        case _:
            assert_never(cursor)
    payload = orjson.dumps(parts)
    return base64.urlsafe_b64encode(_check(_NUMBER, payload) + payload).rstrip(b"=").decode()


def _numbers(since: Since) -> list[Any]:
    return [since.seq, since.mark, since.late]


@lru_cache(maxsize=KEPT_MAX)
def read(cursor_text: str, of_list: str | None = None) -> Cursor:
    """The cursor that a client brought back.

    ``of_list``: what was chosen of the list that it is used with; None: any will do.

    Raises:
        Rejected: it is none of ours, garbled, of an earlier version of the api, or of another list.
    """
    match _parts(cursor_text):
        case ["s", *numbers] if since := _since(numbers):
            return since
        case ["a", str(kept), str(ordered_at), int(place), str(article_id), *numbers] if _is_count(
            place
        ) and (since := _since(numbers)):
            _check_list(kept, of_list)
            return After(ordered_at, place, article_id, since, kept)
        case ["u", str(kept), int(before), str(article_id), *numbers] if _is_count(before) and (
            since := _since(numbers)
        ):
            _check_list(kept, of_list)
            return AfterUpdate(before, article_id, since, kept)
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


def read_story(cursor_text: str, of_list: str | None = None) -> AfterStory | Since:
    """The cursor that a client of the list of stories brought back; ``of_list`` as in ``read``.

    Raises:
        Rejected: as in ``read``, or it is for a page of articles.
    """
    match _parts(cursor_text):
        case ["s", *numbers] if since := _since(numbers):
            return since
        case ["t", str(kept), int(before), str(story_id), *numbers] if _is_count(before) and (
            since := _since(numbers)
        ):
            _check_list(kept, of_list)
            return AfterStory(before, story_id, since, kept)
        case _:
            raise Rejected(
                "Expected a cursor exactly as an answer of /v1/stories gave it in next or cursor, "
                "or an event of /v1/stream in id. Leave the cursor out to begin with the story "
                "that changed last."
            )


def place(cursor: Cursor | AfterStory) -> Since:
    """The event of the wire that a cursor names."""
    return cursor if isinstance(cursor, Since) else cursor.since


def _check_list(kept: str, of_list: str | None) -> None:
    if of_list not in {None, kept}:
        raise Rejected(
            "This cursor goes on with another list: it was given for other filters, or another "
            "order. Send it with the parameters of the answer that gave it; limit alone may "
            "differ. Or leave the cursor out, and begin this list."
        )


def _parts(cursor_text: str) -> Any:
    """What a cursor of ours holds; None: it is none."""
    try:
        raw = base64.b64decode(cursor_text + "=" * (-len(cursor_text) % 4), b"-_", validate=True)
        check, payload = raw[:_CHECK_CHARS], raw[_CHECK_CHARS:]
        is_ours = check == _check(_NUMBER, payload)
        if not is_ours and check in {_check(number, payload) for number in _NUMBERS_BEFORE}:
            raise Rejected(
                "This cursor was given by an earlier version of this api. Read the list afresh, "
                "and go on with the cursor that it gives."
            )
        return orjson.loads(payload) if is_ours else None
    except (ValueError, binascii.Error):
        return None


def _since(numbers: list[Any]) -> Since | None:
    """A place on a log; before the first event there is nothing to mark. None: it is none."""
    match numbers:
        case [int(seq), str(mark), int(late)] if (
            _is_count(seq) and _is_count(late) and len(mark) == (_MARK_CHARS if seq else 0)
        ):
            return Since(seq, mark, late)
        case _:
            return None


def _is_count(number: int) -> bool:
    """Whether this is a number that a cursor of ours can have; JSON's ``true`` is none."""
    return type(number) is int and 0 <= number <= _NUMBER_MAX


def _check(number: bytes, payload: bytes) -> bytes:
    return sha256(number + payload)[:_CHECK_CHARS].encode()
