"""How many checks of a suite of feeds hold for what our parser gives.

``make score-feeds DATA=cases.jsonl.gz``. Each line of the file is a document (``suite``, ``name``,
``base_url``, ``headers``, ``document_base64``) with ``checks``: a path such as ``entries.0.title``
and the value that another reader of feeds found to be right there.

An entry is an article or an offer that is listed, in the order of the document. Compared are

- titles, texts and names by what a person sees: the expected value may be HTML, so it holds where
  it is our text as it stands, or with its tags and references read. Spaces count as one. Where the
  expected text has links or pictures with an http address, each must be in our markup or media.
- ``content`` and ``summary`` of an entry that has one text alone: with that text, by either name.
- a title that is missing with the address that readers show in its place, as some suites expect,
  and an address that is missing with that of the feed.
- addresses as they stand, an empty path being ``/``; what is not http or https we never give.
- authors and tags by being among ours; an author's mail address is left out of the expected value.
- an ``error`` is a document that is not read as a feed.
- dates as instants. What was never changed was changed when it was published, and the other way
  round. Of a time without an offset we believe the day alone: then it is compared with that day.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

from services.ingest.parse import parse
from services.ingest.parse.document import About, Arrival, ArticleEntry, Listed, Parsed

OBSERVED_ON = date(2100, 1, 1)
"""So that no date of a suite lies ahead of it."""
FEEDS = ("rss", "atom", "json-feed")
_TAG = re.compile(r"<[a-zA-Z/!?][^>]*>")
_ADDRESS = re.compile(r"""(?:src|href)\s*=\s*["']?(https?://[^"'\s>]+)""", re.IGNORECASE)
_MAIL = re.compile(r"\s*[(<](?:mailto:)?\S+@\S+?[)>]|\S+@\S+\s+\((?=[^)]+\))|(?<=\w)\)$")
_ENTRY = re.compile(r"entries\.(\d+)\.([a-z]+)(\d*)(?:\.url)?")
Entry = ArticleEntry | Listed


def main(arguments: list[str]) -> int:
    """Print the score of each suite, and each check that does not hold."""
    held: Counter[str] = Counter()
    missed: dict[str, list[str]] = defaultdict(list)
    for case in _cases(Path(arguments[0])):
        parsed = _parsed(case)
        for path, expected in case["checks"]:
            came = answers(parsed, path, case["base_url"])
            if holds(path, expected, came, parsed):
                held[case["suite"]] += 1
            else:
                said = "; ".join(f"{p.reason}: {p.detail}" for p in parsed.problems)[:200]
                line = f"{case['name']} {path}: expected {expected!r}, came {came!r} [{said}]"
                missed[case["suite"]].append(line)
    for lines in missed.values():
        sys.stdout.write("".join(f"  miss {line}\n" for line in lines))
    for suite in sorted(held.keys() | missed.keys()):
        _tell(suite, held[suite], len(missed[suite]))
    _tell("all", held.total(), sum(map(len, missed.values())))
    return 0


def _tell(name: str, held: int, missed: int) -> None:
    total = held + missed
    sys.stdout.write(f"{name}: {held} of {total} ({100 * held / max(1, total):.1f} %)\n")


def _cases(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _parsed(case: dict[str, Any]) -> Parsed:
    headers = {name.lower(): value for name, value in (case["headers"] or {}).items()}
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([^\"';\s]+)", parameters)
    url = headers.get("content-location") or case["base_url"]
    arrival = Arrival(
        OBSERVED_ON,
        url=url if (url or "").startswith("http") else None,
        charset=charset[1] if charset else None,
        media_type=media_type.strip() or None,
    )
    return parse(b64decode(case["document_base64"]), arrival)


def answers(parsed: Parsed, path: str, base_url: str | None) -> list[Any]:
    """What our parser gives at a path, each form of it that a reader would be shown."""
    about = parsed.about or About()
    if path == "error":
        return [parsed.format not in FEEDS]
    if path == "entries.count":
        return [len(parsed.articles) + len(parsed.listed)]
    if path.startswith("feed."):
        return _of_feed(about, path.removeprefix("feed."), base_url)
    match = _ENTRY.fullmatch(path)
    entries = _entries(parsed)
    if match is None or int(match[1]) >= len(entries):
        return []
    return _of_entry(entries[int(match[1])], match[2], int(match[3] or 0), about)


def _entries(parsed: Parsed) -> list[Entry]:
    def place(entry: Entry) -> tuple[int, ...]:
        where = entry.where if isinstance(entry, Listed) else str(entry.line)
        return tuple(map(int, re.findall(r"\d+", where)))

    both: list[Entry] = [*parsed.articles, *parsed.listed]
    return sorted(both, key=place) if parsed.listed and parsed.format != "json-feed" else both


def _of_feed(about: About, name: str, base_url: str | None) -> list[Any]:
    when = about.published_at or about.published_on
    found: dict[str, list[Any]] = {
        "title": [about.title] if about.title else ["", about.url, base_url],
        "description": [about.description],
        "link": [about.url] if about.url else ["", base_url],
        "id": [about.own_id],
        "language": [about.language],
        "rights": [about.rights],
        "author": [*about.authors, *_joined(about.authors)],
        "published": [when or about.updated_at],
        "updated": [about.updated_at or when],
    }
    found["date"] = found["updated"]
    return found.get(name, [])


def _of_entry(entry: Entry, name: str, number: int, about: About) -> list[Any]:
    when = entry.published_at or entry.published_on
    url = entry.canonical_url or entry.url if isinstance(entry, ArticleEntry) else entry.url
    found: dict[str, list[Any]] = {
        "link": list(dict.fromkeys([url, entry.url])) if url else ["", about.url],
        "id": [entry.source_item_id],
        "language": [entry.declared_language],
        "author": [*entry.authors, *_joined(entry.authors)],
        "tag": [*entry.categories],
        "enclosure": [entry.media[number].url if number < len(entry.media) else None],
        "published": [when or entry.updated_at],
        "updated": [entry.updated_at or when],
        "date": [when, entry.updated_at],
        "title": ["", entry.url],
        "content": [""],
        "summary": [""],
    }
    if isinstance(entry, ArticleEntry):
        text = " ".join(entry.paragraphs)
        found |= {
            "title": [entry.headline],
            "content": [text],
            "summary": [entry.summary or text],
            "rights": [entry.rights],
        }
    return found.get(name, [])


def _joined(names: tuple[str, ...]) -> list[str]:
    return [", ".join(names), ", ".join(sorted(names))]


def holds(path: str, expected: Any, came: list[Any], parsed: Parsed) -> bool:
    """Whether one of the answers is what is expected."""
    if isinstance(expected, bool) or path in {"error", "entries.count"}:
        return expected in came
    if re.search(r"\.(?:published|updated|date)$", path):
        return any(_is_when(expected, one) for one in came)
    if re.search(r"\.(?:link|url)$", path):
        return any(_plain_url(expected) == _plain_url(one) for one in came)
    said = str(expected if expected is not None else "")
    if path.endswith("author"):
        said = _MAIL.sub("", said)
    forms = {_spaced(said), _visible(said)}
    is_there = any(_spaced(str(one or "")).lower() in {f.lower() for f in forms} for one in came)
    return is_there and (not re.search(r"content|summary", path) or _has_all(said, parsed))


def _has_all(said: str, parsed: Parsed) -> bool:
    """Whether what a text links to and shows is in our entries."""
    markup = " ".join(
        [one.body_html or "" for one in parsed.articles]
        + [medium.url for entry in _entries(parsed) for medium in entry.media]
    )
    return all(unescape(url) in unescape(markup) for url in _ADDRESS.findall(said))


def _is_when(expected: Any, came: Any) -> bool:
    at = datetime.fromtimestamp(expected, UTC) if isinstance(expected, int) else None
    if isinstance(came, datetime):
        return at is not None and abs((came - at).total_seconds()) < 1
    return came is not None and at is not None and abs((came - at.date()).days) <= 1


def _plain_url(url: Any) -> str:
    plain = re.sub(r"\s+", "", str(url or "")).replace("&amp;", "&")
    return plain + "/" if re.fullmatch(r"https?://[^/?#]+", plain) else plain


def _visible(html: str) -> str:
    return _spaced(unescape(_TAG.sub(" ", html))) if "<" in html else _spaced(unescape(html))


def _spaced(text: str) -> str:
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
