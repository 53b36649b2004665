from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.enrichment.gazetteers import read
from services.enrichment.gazetteers.names import Matcher, matcher
from services.enrichment.steps.names import SPANS_MAX, TAGS_MAX
from services.enrichment.steps.names import names as places
from shared.news import Article, ArticleId, Document, Span

NAMES = sorted({n for e in read().entries for n in (e.name, *e.names, *e.adjectives)})
PIECES = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from([" ", ", ", ". ", " and ", " in ", "-", "’s ", " region", "500 ", "Smith"]),
    st.text(max_size=5),
)
TEXTS = st.lists(PIECES, max_size=30).map("".join).map(lambda text: text or "-")
FEW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def found_by() -> Matcher:
    return matcher(read())


def article(headline: str, summary: str | None = None, body: tuple[str, ...] = ()) -> Article:
    return Article(
        article_id=ArticleId("00000000-0000-0000-0000-000000000001"),
        source="a-source",
        headline=headline,
        summary=summary,
        body=body,
        observed_at=datetime(2024, 3, 22, tzinfo=UTC),
        revision=1,
        document=Document(sha256="0", media_type="text/plain", parser="p", parser_version=1),
        content_hash="0",
        text_hash="0",
    )


def text_of(of: Article, span: Span) -> str:
    if span.field == "body":
        assert span.paragraph is not None
        return of.body[span.paragraph]
    assert span.paragraph is None
    return of.headline if span.field == "headline" else of.summary or ""


@FEW
@given(TEXTS, st.none() | TEXTS, st.lists(TEXTS, max_size=4).map(tuple))
def test_a_span_holds_the_text_it_points_at(
    found_by: Matcher, headline: str, summary: str | None, body: tuple[str, ...]
) -> None:
    tagged = article(headline, summary, body)
    for tag in places(tagged, found_by):
        for span in tag.spans:
            assert text_of(tagged, span)[span.start : span.end] == span.text != ""


@FEW
@given(TEXTS, st.lists(TEXTS, max_size=4).map(tuple))
def test_tags_keep_their_bounds_and_their_order(
    found_by: Matcher, headline: str, body: tuple[str, ...]
) -> None:
    tags = places(article(headline, None, body), found_by)
    assert len(tags) <= TAGS_MAX
    assert all(1 <= tag.relevance <= 100 for tag in tags)
    assert all(tag.confidence in {60, 80, 100} for tag in tags)
    assert all(1 <= len(tag.spans) <= SPANS_MAX for tag in tags)
    assert list(tags) == sorted(tags, key=lambda t: (-t.relevance, t.scheme, t.code))


@FEW
@given(TEXTS)
def test_spans_of_one_text_never_overlap(found_by: Matcher, headline: str) -> None:
    tags = places(article(headline), found_by)
    spans = sorted((span.start, span.end) for tag in tags for span in tag.spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@FEW
@given(st.sampled_from(NAMES), st.sampled_from("xыя7"))
def test_a_letter_on_either_side_hides_the_name(found_by: Matcher, name: str, letter: str) -> None:
    for text in (letter + name, name + letter):
        spans = [span for tag in places(article(text), found_by) for span in tag.spans]
        assert name not in {span.text for span in spans}


@FEW
@given(TEXTS)
def test_the_same_article_gives_the_same_tags(found_by: Matcher, headline: str) -> None:
    assert places(article(headline), found_by) == places(article(headline), found_by)


@FEW
@given(st.text(alphabet="abcdefg .,-’", min_size=1, max_size=200))
def test_a_text_without_names_has_no_tags(found_by: Matcher, headline: str) -> None:
    assert places(article(headline), found_by) == ()
