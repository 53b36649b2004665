"""The cursor of a search: how far its pages were read, of the views as they stood at the first."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

import orjson

from services.api.cursors import Since
from services.api.search.finding import RANKED_MAX
from shared.errors import Rejected
from shared.hashing import sha256

_NUMBER: Final = "newswire search 1"
_CHECK_CHARS: Final = 12
_NUMBER_MAX: Final = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Begin:
    """Where a page of a search begins."""

    offset: int
    """Hits before it."""
    since: Since
    """Where the views stood at the first page: texts that came later are not in the list."""
    newest_s: int
    """From which instant ages are counted, in seconds since 1970."""


def text(begin: Begin, question: str) -> str:
    """A cursor as clients keep it; ``question``: what was asked, with every filter."""
    payload = orjson.dumps([begin.offset, *_numbers(begin.since), begin.newest_s])
    return base64.urlsafe_b64encode(_check(payload, question) + payload).rstrip(b"=").decode()


def read(cursor_text: str, question: str) -> Begin:
    """The cursor that a client brought back.

    Raises:
        Rejected: it is none of ours, or of another search.
    """
    try:
        raw = base64.b64decode(
            cursor_text.encode() + b"=" * (-len(cursor_text) % 4), altchars=b"-_", validate=True
        )
        check, payload = raw[:_CHECK_CHARS], raw[_CHECK_CHARS:]
        match orjson.loads(payload) if check == _check(payload, question) else None:
            case [int(offset), int(seq), str(mark), int(late), int(newest_s)] if _fits(
                offset, seq, newest_s
            ):
                return Begin(offset, Since(seq, mark, late), newest_s)
    except (binascii.Error, UnicodeError, ValueError):
        pass
    raise Rejected(
        "Expected the cursor that next of an answer to this very search gave. Leave it out to "
        "begin with the first page."
    )


def _numbers(since: Since) -> list[int | str]:
    return [since.seq, since.mark, since.late]


def _fits(offset: int, seq: int, newest_s: int) -> bool:
    return 0 <= offset <= RANKED_MAX and 0 <= seq <= _NUMBER_MAX and abs(newest_s) <= _NUMBER_MAX


def _check(payload: bytes, question: str) -> bytes:
    return sha256(f"{_NUMBER} {question} ".encode() + payload)[:_CHECK_CHARS].encode()
