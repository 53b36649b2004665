"""What ``newswire parse`` says of a feed."""

from datetime import UTC, datetime

from services.ingest import report
from services.ingest.observe import Sighting, Source
from tests.feeds import json_feed, read

FEED = json_feed(
    {"id": "1", "title": "Snow", "url": "https://c.example/1", "content_html": "<p>A<p>B",
     "date_published": "2026-03-01T06:00:00Z"},
    {"title": "Ice", "summary": "C", "date_published": "2026-03-01"},
    {"title": "Sun"},
)  # fmt: skip


def sighting() -> Sighting:
    return Sighting(read(FEED), Source("courier"), datetime(2026, 3, 2, tzinfo=UTC))


def test_an_entry_is_shown_with_its_day_and_address() -> None:
    _, *lines = report.text(sighting())

    assert lines == [
        "  • Snow",
        "     2 paragraphs, 2026-03-01T06:00:00Z, https://c.example/1",
        "  • Ice",
        "     1 paragraph, 2026-03-01",
        "  • Sun",
        "     0 paragraphs",
    ]


def test_an_entry_as_json_has_the_id_that_it_is_published_under() -> None:
    document, first, second, third = report.lines(sighting())

    # uuid5 of article + courier + id:1, slug:ice and slug:sun under the namespace of the newswire
    assert [one["article_id"] for one in (first, second, third)] == [
        "87ae8339-47e9-52ae-9b06-1cdcd487780a",
        "cdcfaef0-25cf-5d75-8ecb-c505dd7e77e0",
        "137f96ca-176c-5fb1-83b4-b2c353ed5c78",
    ]
    assert (document["format"], document["articles"]) == ("json-feed", 3)
    assert (first["source_item_id"], first["url"], first["body_html"], first["line"]) == (
        "1", "https://c.example/1", "<p>A</p><p>B</p>", None,
    )  # fmt: skip
