"""Whatever an article says, its items for agencies are valid, and are read as they were meant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.api.exports import newsml_g2, ninjs
from services.api.exports.item import Collection
from services.api.exports.reading import item_of
from services.api.queries import Listed
from tests.agency_rules import newsml_faults, ninjs_faults
from tests.feeds import read
from tests.view_files import ALMATY, KZ, article_document

HOSTILE: Final = (
    "]]>", "<![CDATA[", "&amp;", "&#0;", "<script>alert(1)</script>", "\x00", "\x0b", "\x1b[31m",
    "\ufffe", "\uffff", "\u202e", "\u2066", "\u200f", "\u0085", "\u2028", "\r\n", "\t", "🐎",
    "👩🏽‍🚀", "Қазақстан", "مرحبا", "中文", '"', "'", "%", "e\u0301", "\ufeff",
)  # fmt: skip
TEXTS: Final = (
    "summary", "credit", "rights", "ednote", "slugline", "located", "dateline", "url",
)  # fmt: skip
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), max_size=6).map("".join)
said = st.fixed_dictionaries(
    {
        "headline": hostile.filter(bool),
        "body": st.lists(hostile.filter(bool), max_size=3),
        "language": st.sampled_from(["kk", "ru", "en", "ar", "und"]),
    },
    optional=dict.fromkeys(TEXTS, hostile)
    | {
        "authors": st.lists(hostile, max_size=2),
        "display": st.sampled_from([None, "excerpt", "headline"]),
        "urgency": st.none() | st.integers(1, 9),
    },
)  # fmt: skip
word = st.text("Қарабмхabc🐎123", min_size=1, max_size=8)
texts = st.lists(word, min_size=1, max_size=8).map(lambda more: " ".join(["Қар", *more]))


def row(document: dict[str, Any]) -> Listed:
    kept = {**document, "version": 3}
    return Listed(kept["article_id"], "usable", 1, "", 0, None, orjson.dumps(kept).decode())


@given(said)
def test_every_item_is_valid_in_both_formats(said: dict[str, Any]) -> None:
    one = item_of(row(article_document(1, KZ, ALMATY, **said)))
    sent_at = datetime(2026, 3, 2, tzinfo=UTC)
    both = Collection("urn:newswire:feed:trial:articles", "trial", sent_at, (one,))

    assert ninjs_faults(ninjs.item(one)) == []
    assert ninjs_faults(ninjs.collection(both)) == []
    assert newsml_faults(newsml_g2.item(one, "trial")) == []
    assert newsml_faults(newsml_g2.message(both)) == []


@given(headline=texts, body=st.lists(texts, min_size=1, max_size=3))
def test_both_formats_are_read_back_as_they_were_meant(headline: str, body: list[str]) -> None:
    one = item_of(row(article_document(1, KZ, headline=headline, body=body)))

    found = [read(data).articles[0] for data in (ninjs.item(one), newsml_g2.item(one, "trial"))]

    assert [each.headline for each in found] == [headline, headline]
    assert [list(each.paragraphs) for each in found] == [body, body]
