"""The push door from outside: its address, the operator's key, and a decision sent to it.

Decisions go through the door and not to the log: it knows whose key it was, and appends in order
with everything else.
"""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

from services.cli.stack import Places, Stack
from shared import clock, keys, settings
from shared.errors import Rejected, Unavailable
from shared.faults import visible

DEFAULT_URL: Final = "http://127.0.0.1:8001/"
"""Where the door is of a stack that is known by its Redis only."""
ANSWER_S_MAX: Final = 10.0
"""Longest wait for the door; it answers once the event is fsynced, within milliseconds."""
ANSWER_BYTES_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door said to a decision that stands."""

    outcome: Literal["appended", "unchanged"]
    """unchanged: it stood already, and ``seq`` is the event's that says so."""
    seq: int


def decide(found: Stack, places: Places, body: Mapping[str, object]) -> Answer:
    """Send a decision to the stack's push door; any number of times, it is recorded once.

    Raises:
        Rejected: there is no key, or the door refused; the message is the door's sentence.
        Unavailable: the door, or the Redis behind it, does not answer. Sending again is harmless.
    """
    key = admin_key(places, os.environ)
    if key is None:
        raise Rejected(
            f"No key to decide with: expected one in NEWSWIRE_ADMIN_KEY or {places.admin_key}. "
            "`newswire up` makes that file; for another stack make a key with "
            "`newswire keys add NAME --admin` and set NEWSWIRE_ADMIN_KEY to it."
        )
    url = found.push_url or os.environ.get("NEWSWIRE_PUSH_URL") or DEFAULT_URL
    status, said = _post(url, key, json.dumps(body).encode())
    return _answer(url, status, said)


def admin_key(where: Places, environ: Mapping[str, str]) -> str | None:
    """The operator's key: ``NEWSWIRE_ADMIN_KEY``, else the data directory's; None: neither.

    Raises:
        Rejected: it is not the text of a key, or the file may not be read.
    """
    if given := settings.read(environ).admin_key:
        return given
    try:
        text = where.admin_key.read_text("utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as refusal:
        raise Rejected(
            f"Cannot read {where.admin_key}: {refusal.strerror}. Run this as the user who started "
            "the stack, or set NEWSWIRE_ADMIN_KEY."
        ) from refusal
    if not keys.KEY.fullmatch(text):  # not shown: it may be a secret, misspelt
        raise Rejected(
            f"{where.admin_key}: expected a key as `newswire up` makes it (nw_, an id, a secret), "
            f"found {len(text)} other characters. Delete it, and `newswire up` makes another."
        )
    return text


def make_admin_key(where: Places, environ: Mapping[str, str]) -> str:
    """The operator's key, which is made at the first start and kept for its owner only.

    Raises:
        Rejected: as of :func:`admin_key`.
        OSError: the disk refuses the file.
    """
    if (known := admin_key(where, environ)) is not None:
        return known
    _, text = keys.create("admin", (), clock.now(), is_admin=True)
    draft = where.admin_key.with_suffix(".key.draft")  # a kill must not leave half a key
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    draft.replace(where.admin_key)
    return text


def _post(url: str, key: str, body: bytes) -> tuple[int, object]:
    """The status and the decoded body, None where it is no JSON.

    Redirects are not followed: the key is for this door alone.
    """
    parts = _parts(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_S_MAX)
    path = f"{parts.path.rstrip('/')}/v1/decisions"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, _decoded(response.read(ANSWER_BYTES_MAX))
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(
            f"The push door at {url} does not answer ({error or type(error).__name__}). See with "
            "`newswire status` whether ingest runs; sending the decision again is harmless."
        ) from error
    finally:
        connection.close()


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, an open bracket
        is_url = False
    if not is_url or parts.username is not None or parts.query or parts.fragment:
        raise Rejected(
            "NEWSWIRE_PUSH_URL: expected the address of a push door as http://host[:port]/ or "
            "https://host[:port]/, without a user, a query or a fragment."
        )
    return parts


def _decoded(body: bytes) -> object:
    try:
        decoded: object = json.loads(body)
    except ValueError:
        return None
    return decoded


def _answer(url: str, status: int, said: object) -> Answer:
    match status, said:
        case 202, {"outcome": "appended" | "unchanged" as outcome, "seq": int(seq)}:
            return Answer(outcome, seq)
        case 401, _:
            raise Rejected(
                f"The push door at {url} does not know this key, or it was revoked. It is the one "
                "of NEWSWIRE_ADMIN_KEY where that is set, else of admin.key in the data directory: "
                "delete that file, and the next start of the stack makes another."
            )
        case 403, _:
            raise Rejected(
                "This key is a partner's: it publishes and decides nothing. "
                "Set NEWSWIRE_ADMIN_KEY to one of `newswire keys add NAME --admin`."
            )
        case (503, _) | (500, {"status": int()}):
            raise Unavailable(
                "The push door cannot say that the decision stands: "
                f"{_sentence(said) or 'it is not ready.'} Sending the decision again is harmless."
            )
        case 400 | 404 | 409 | 413 | 422 | 429, {"status": int(), **rest}:
            raise Rejected(f"Refused: {_sentence(rest) or f'the push door answered {status}'}")
        case _:
            raise Rejected(
                f"{url} answered {status}, expected 202 or a problem of a push door. "
                "Is it the address of one? NEWSWIRE_PUSH_URL and --data say which is asked."
            )


def _sentence(said: object) -> str:
    """What a problem says (RFC 9457), one line that a terminal may show; empty: nothing."""
    match said:
        case {"detail": str(text)} | {"title": str(text)}:
            return visible(text)
        case _:
            return ""
