"""Documents of every format behind the fence, where nothing can be loaded any more."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import pytest
import structlog

from services.ingest.fence import Fence
from services.ingest.parse import kinds
from services.ingest.parse.document import Arrival
from tests.feeds import atom, json_feed, rss
from tests.hostile import carriers
from tests.hostile.snippets import addresses, snippets

GOLDEN: Final = Path(__file__).parents[1] / "golden"
ARRIVAL: Final = Arrival(date(2026, 11, 1), "https://news.example/2026/a-story", zone="Asia/Almaty")
CYRILLIC: Final = "<item><title>Снег в Оше</title><description>Пришла зима</description></item>"
ENCODINGS: Final = ("cp1251", "koi8_u", "koi8_t", "kz1048", "iso8859_5", "utf_16", "mac_cyrillic")


def documents() -> dict[str, bytes]:
    """One of each format at least, and feeds in encodings of the region."""
    texts, astray = snippets(9), addresses(9)
    found = {
        "rss": carriers.rss(texts, astray),
        "atom": atom("<entry><title>Snow</title></entry>").encode(),
        "json": json_feed({"id": "1", "title": "Snow", "content_text": "It snows."}),
        "hostile atom": carriers.atom(texts, astray),
        "hostile json": carriers.json_feed(texts, astray),
        "hostile ninjs": carriers.ninjs(texts, astray),
        "hostile g2": carriers.newsml_g2(texts, astray),
    }
    for folder in ("news_items", "bank_files", "front_pages", "pages"):
        found |= {file.name: file.read_bytes() for file in (GOLDEN / folder).iterdir()}
    dates = ("02 Mar 2026 08:00 EST", "02 Mar 2026 08:00 Europe/Moscow", "02 Mar 2026 08:00")
    found |= {
        date: rss(f"<item><title>Snow</title><pubDate>{date}</pubDate></item>").encode()
        for date in dates
    }
    for name in ENCODINGS:
        feed = f'<?xml version="1.0" encoding="{name.replace("_", "-")}"?>{rss(CYRILLIC)}'
        found[name] = feed.encode(name)
    return found


@pytest.mark.parametrize(
    ("kind", "in_vain"), [("any", ["en_list.html", "texts.json"]), ("page", ["texts.json"])]
)
async def test_the_fence_reads_every_format_as_the_parsers_do(
    kind: kinds.Kind, in_vain: list[str]
) -> None:
    empty = []
    async with Fence(logger=structlog.stdlib.get_logger()) as fence:
        for name, data in documents().items():
            expected = kinds.read(kind, data, ARRIVAL)

            assert await fence.parse(data, ARRIVAL, kind) == expected, name
            if not (expected.articles or expected.rates or expected.listed):
                empty.append(name)
    assert sorted(empty) == in_vain
