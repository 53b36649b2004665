"""Items of agencies for tests: what stands around the few words that a test is about."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from services.ingest.parse.document import ArticleEntry, Parsed
from tests.feeds import read

GOLDEN = Path(__file__).parent / "golden" / "news_items"
URI = "tag:agency.example,2026:1"


def ninjs(**said: object) -> bytes:
    """An item of ninjs 3.x; what is None is left out."""
    item = {"uri": URI, "type": "text", "headlines": [{"value": "Snow"}]} | said
    return json.dumps({name: value for name, value in item.items() if value is not None}).encode()


def ninjs_entry(**said: object) -> ArticleEntry:
    """The one article of an item of ninjs, nothing of which was wrong."""
    parsed = read(ninjs(**said))
    assert (len(parsed.articles), parsed.problems) == (1, ())
    return parsed.articles[0]


def g2(meta: str = "", content: str = "<headline>Snow</headline>", inside: str = "") -> str:
    """A newsItem; ``inside`` stands behind contentMeta."""
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{URI}" version="1">'
        f'<itemMeta><itemClass qcode="ninat:text"/>{meta}</itemMeta>'
        f"<contentMeta>{content}</contentMeta>{inside}</newsItem>"
    )


def g2_entry(meta: str = "", content: str = "", inside: str = "") -> ArticleEntry:
    """The one article of a newsItem with the headline Snow, nothing of which was wrong."""
    parsed = read(g2(meta, f"<headline>Snow</headline>{content}", inside))
    assert (len(parsed.articles), parsed.problems) == (1, ())
    return parsed.articles[0]


def golden(name: str) -> Parsed:
    """A document that an agency might have sent, as observed on OBSERVED_ON."""
    return read((GOLDEN / name).read_bytes())


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A minute of March 2026, in UTC."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)
