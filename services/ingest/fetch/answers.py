"""What the head of an answer says. Pure: the same fields give the same value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from services.ingest.fetch.urls import Target, resolve
from services.ingest.fetch.words import Trouble, Validators

VALIDATOR_CHARACTERS_MAX: Final = 1_000
"""A longer one is not kept: the next request asks for all of it."""
MAX_AGE_S_MAX: Final = 7 * 86_400
"""A feed that is fresh for longer is asked all the same, once a week."""
RETRY_AFTER_S_MAX: Final = 86_400
"""A publisher may send us away for a day; then it is asked again."""
LINKS_MAX: Final = 50
"""Links of the Link fields that are read."""
_FIELD_CHARACTERS_MAX: Final = 8_000
"""Of the fields of one name that are taken apart; the rest is left out."""

_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE: Final = re.compile(rf"\s*({_WORD}/{_WORD})\s*(?:;|$)")
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([A-Za-z0-9._:+-]{1,40})\"?", re.IGNORECASE)
_DIRECTIVE: Final = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?([0-9]{1,20})", re.IGNORECASE)
_SECONDS: Final = re.compile(r"[0-9]{1,20}")
_PARAMETER: Final = re.compile(
    r";\s*([^\s=;,\"<]+)(?:\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"<]*)))?",
)
_LINK: Final = re.compile(
    r"\s*<([^<>]*)>((?:\s*;\s*[^\s=;,\"<]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s;,\"<]*))?)*)"
)
_SENDABLE: Final = re.compile(r"[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?")
_DATE_CHARACTERS_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Head:
    """Status and fields of an answer; a byte of a field is a character."""

    status: int
    fields: tuple[tuple[str, str], ...]
    """Names in lower case."""

    def first(self, name: str) -> str | None:
        """The first field of a name; None: there is none."""
        return next((value for given, value in self.fields if given == name), None)

    def joined(self, name: str) -> str:
        """All fields of a name as one list; empty: there is none. Source: RFC 9110 5.3."""
        values = (value for given, value in self.fields if given == name)
        return ", ".join(values)[:_FIELD_CHARACTERS_MAX]


def head(status: int, raw: Iterable[tuple[bytes, bytes]]) -> Head:
    """A head out of what came."""
    fields = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)
    return Head(status, tuple(fields))


def media_type(answer: Head) -> str | None:
    """The media type, lower case; None: not said, or unreadable."""
    match = _MEDIA_TYPE.match((answer.first("content-type") or "")[:_FIELD_CHARACTERS_MAX])
    return match[1].lower() if match else None


def charset(answer: Head) -> str | None:
    """The declared encoding, as it was written; None: not said, or unreadable."""
    match = _CHARSET.search((answer.first("content-type") or "")[:_FIELD_CHARACTERS_MAX])
    return match[1] if match else None


def codings(answer: Head) -> tuple[str, ...]:
    """Content codings in the order in which they were applied, lower case."""
    named = (one.strip().lower() for one in answer.joined("content-encoding").split(","))
    return tuple(filter(None, named))


def declared_bytes(answer: Head) -> int | None:
    """How many bytes will come; None: not said."""
    text = answer.first("content-length") or ""
    return int(text) if _SECONDS.fullmatch(text) else None


def validators(answer: Head) -> Validators:
    """By what to ask next time, exactly as it came."""
    return Validators(_kept(answer.first("etag")), _kept(answer.first("last-modified")))


def conditions(known: Validators) -> list[tuple[bytes, bytes]]:
    """Fields by which an answer is asked for only if there is another one. RFC 9110 13.1."""
    pairs = ((b"If-None-Match", known.etag), (b"If-Modified-Since", known.last_modified))
    return [(name, text.encode("latin-1")) for name, text in pairs if text and _is_sendable(text)]


def max_age_s(answer: Head, now: datetime) -> int | None:
    """For so long the answer is fresh; None: not said. Source: RFC 9111 4.2."""
    age_s = _seconds(answer.first("age")) or 0
    if match := _DIRECTIVE.search(answer.joined("cache-control")):
        return max(0, min(int(match[1]) - age_s, MAX_AGE_S_MAX))
    expires_at = _instant(answer.first("expires"))
    if expires_at is None:
        return None
    dated_at = _instant(answer.first("date")) or now
    fresh_s = int((expires_at - dated_at).total_seconds())
    return max(0, min(fresh_s - age_s, MAX_AGE_S_MAX))


def retry_after_s(answer: Head, now: datetime) -> int | None:
    """For so long we are asked not to ask; None: not said. Source: RFC 9110 10.2.3."""
    text = answer.first("retry-after")
    wait_s = _seconds(text)
    if wait_s is None and (until := _instant(text)) is not None:
        wait_s = int((until - now).total_seconds()) + 1  # a part of a second is one
    return None if wait_s is None else max(0, min(wait_s, RETRY_AFTER_S_MAX))


def location(answer: Head) -> str | None:
    """Where a redirect leads, as it was written; None: it does not say."""
    text = answer.first("location")
    return None if text is None else _as_text(text)


def links(answer: Head, base: Target) -> tuple[tuple[str, str], ...]:
    """Relation and absolute URL of each link, in order. Source: RFC 8288 section 3."""
    found: list[tuple[str, str]] = []
    for reference, parameters in _links(answer.joined("link")):
        try:
            url = resolve(_as_text(reference), base).url
        except Trouble:
            continue
        found += ((name, url) for name in _relations(parameters))
    return tuple(found[:LINKS_MAX])


def _relations(parameters: str) -> list[str]:
    """What the first parameter ``rel`` says; others of this name do not count (RFC 8288 3.3)."""
    for match in _PARAMETER.finditer(parameters):
        if match[1].lower() == "rel":
            return (match[2] or match[3] or "").lower().split()
    return []


def _links(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for _ in range(LINKS_MAX):
        match = _LINK.match(text, at)
        if match is None:
            return
        yield match[1], match[2]
        comma = text.find(",", match.end())
        if comma < 0:
            return
        at = comma + 1


def _kept(text: str | None) -> str | None:
    return text if text and len(text) <= VALIDATOR_CHARACTERS_MAX else None


def _is_sendable(text: str) -> bool:
    """Whether a field may hold a text as it stands; what was kept elsewhere may be anything."""
    return len(text) <= VALIDATOR_CHARACTERS_MAX and _SENDABLE.fullmatch(text) is not None


def _as_text(field: str) -> str:
    """A field that may be UTF-8, as URLs in fields are by habit."""
    data = field.encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return field


def _seconds(text: str | None) -> int | None:
    return int(text) if text is not None and _SECONDS.fullmatch(text) else None


def _instant(text: str | None) -> datetime | None:
    """An instant of HTTP; None: it is none. Source: RFC 9110 5.6.7."""
    if text is None or len(text) > _DATE_CHARACTERS_MAX:
        return None
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None  # email.utils raises each of them, for one text or another
