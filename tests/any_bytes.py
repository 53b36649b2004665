"""Any bytes that may be a document, and what holds for whatever is read of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import strategies as st

from services.ingest import observe
from services.ingest.identity import article_id
from services.ingest.observe import Sighting, Source
from services.ingest.parse.document import Parsed
from shared.news import Article, Rate
from tests.feeds import read

SOURCE = Source("courier")
SEEN_AT = datetime(2026, 3, 2, tzinfo=UTC)


@st.composite
def mutated(
    draw: st.DrawFn,
    wholes: Sequence[bytes],
    pieces: st.SearchStrategy[bytes],
    *,
    changes_max: int = 6,
    cut_bytes_max: int = 30,
) -> bytes:
    """One of the whole documents with a few pieces put in, cut out or doubled."""
    data = bytearray(draw(st.sampled_from(wholes)))
    for _ in range(draw(st.integers(0, changes_max))):
        begin = draw(st.integers(0, len(data)))
        end = min(len(data), begin + draw(st.integers(0, cut_bytes_max)))
        doubled = st.just(bytes(data[begin:end]) * 2)
        data[begin:end] = draw(st.one_of(pieces, st.binary(max_size=4), doubled))
    return bytes(data)


def articles(parsed: Parsed) -> list[Article]:
    """What ingest makes of the entries of a document, by the types of the log."""
    sighting = Sighting(parsed, SOURCE, SEEN_AT)
    ids = [observe.own_id(SOURCE.id, entry) for entry in parsed.articles]
    return [
        observe.article(sighting, entry, one or article_id(SOURCE.id, "slug:x"))
        for entry, one in zip(parsed.articles, ids, strict=True)
    ]


def rates(parsed: Parsed) -> list[Rate]:
    """What ingest makes of the rates of a document, by the types of the log."""
    return [observe.rate(Sighting(parsed, SOURCE, SEEN_AT), entry) for entry in parsed.rates]


def is_read_alike_twice(data: bytes) -> None:
    """Nothing is raised, something is said, and a second reading says the same."""
    one, other = read(data), read(data)

    assert one == other
    assert one.articles or one.rates or one.listed or one.problems
    assert [a.content_hash for a in articles(one)] == [a.content_hash for a in articles(other)]


def fits_the_log(data: bytes) -> None:
    """Each article survives the log's own types, there and back."""
    for article in articles(read(data)):
        assert Article.model_validate_json(article.model_dump_json()) == article


def names_each_article_once(data: bytes) -> None:
    """No two entries have one id of their own."""
    own = [observe.own_id(SOURCE.id, entry) for entry in read(data).articles]

    named = [one for one in own if one is not None]
    assert len(named) == len(set(named))
