"""The labelled searches have the shape that their README promises; nothing is searched here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias

import pytest
from pydantic import BaseModel, ConfigDict

Language: TypeAlias = Literal["en", "ru", "kk", "ky", "uz-Latn", "uz-Cyrl", "tg"]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Article(Form):
    id: str
    lang: Language
    at: str
    source: str
    headline: str
    text: str
    copy_of: str | None
    taken_from: str | None


class Query(Form):
    id: str
    lang: Literal["en", "ru", "kk", "ky", "uz"]
    text: str
    expected: list[str]
    never: list[str]
    above: list[list[str]]


FOLDER: Final = Path(__file__).parents[1] / "labelled"
QUERIES: Final = ("search-queries", "search-queries-held-out", "search-queries-third")
FILES: Final = ("search-articles", *QUERIES)


def lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()


def articles() -> dict[str, Article]:
    told = [Article.model_validate_json(line) for line in lines("search-articles")]
    return {article.id: article for article in told}


def queries(name: str) -> list[Query]:
    return [Query.model_validate_json(line) for line in lines(name)]


def originals() -> Iterator[tuple[str, tuple[str, str]]]:
    """Headline and text of what is labelled elsewhere, by its id."""
    for story in map(json.loads, lines("stories")):
        yield story["id"], (story["headline"], story["text"])
    for topic in map(json.loads, lines("topics")):
        headline, _, text = topic["text"].partition("\n")
        yield topic["id"], (headline, text)


@pytest.mark.parametrize("name", FILES)
def test_a_line_is_one_object_with_sorted_keys(name: str) -> None:
    for line in lines(name):
        assert json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True) == line


@pytest.mark.parametrize("name", FILES)
def test_an_id_counts_the_lines_of_its_file(name: str) -> None:
    ids = [json.loads(line)["id"] for line in lines(name)]

    assert ids == [f"{name}-{number:03}" for number in range(1, len(ids) + 1)]


def test_articles_are_in_seven_languages_nearly_half_of_them_english() -> None:
    assert dict(Counter(article.lang for article in articles().values())) == {
        "en": 203,
        "ru": 126,
        "kk": 33,
        "ky": 32,
        "uz-Latn": 21,
        "uz-Cyrl": 11,
        "tg": 8,
    }


def test_articles_come_in_the_order_of_time() -> None:
    instants = [datetime.fromisoformat(article.at) for article in articles().values()]

    assert instants == sorted(instants)
    assert all(article.at.endswith("Z") for article in articles().values())


def test_a_text_stands_among_the_articles_once() -> None:
    texts = {article.text for article in articles().values()}

    assert len(texts) == len(articles())


def test_an_article_that_is_labelled_elsewhere_too_is_the_same_in_both_places() -> None:
    by_id = dict(originals())
    taken = [article for article in articles().values() if article.taken_from]

    assert len({article.taken_from for article in taken}) == len(taken) == 156
    for article in taken:
        assert (article.headline, article.text) == by_id[article.taken_from or ""], article.id


def test_a_copy_is_later_than_its_canonical_article_and_from_another_source() -> None:
    copies = [article for article in articles().values() if article.copy_of]

    assert len(copies) == 8
    for copy in copies:
        canonical = articles()[copy.copy_of or ""]
        assert (canonical.lang, canonical.copy_of) == (copy.lang, None), copy.id
        assert canonical.source != copy.source, copy.id
        assert canonical.at < copy.at, copy.id


def test_all_queries_are_different() -> None:
    asked = [query for name in QUERIES for query in queries(name)]

    assert len({(query.lang, query.text) for query in asked}) == len(asked) == 420


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("search-queries", {"en": 80, "ru": 60, "kk": 20, "ky": 20, "uz": 20}),
        ("search-queries-held-out", {"en": 30, "ru": 30, "kk": 20, "ky": 20, "uz": 20}),
        ("search-queries-third", {"en": 25, "ru": 25, "kk": 17, "ky": 17, "uz": 16}),
    ],
)
def test_queries_are_in_five_languages(name: str, counts: dict[str, int]) -> None:
    assert dict(Counter(query.lang for query in queries(name))) == counts


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_expects_one_to_eight_articles_of_its_language_and_no_copy(name: str) -> None:
    by_id = articles()
    for query in queries(name):
        expected = [by_id[article_id] for article_id in query.expected]
        assert 1 <= len(expected) <= 8, query.id
        assert query.expected == sorted(set(query.expected)), query.id
        assert {article.lang.partition("-")[0] for article in expected} == {query.lang}, query.id
        assert [article.id for article in expected if article.copy_of] == [], query.id


@pytest.mark.parametrize("name", QUERIES)
def test_an_article_that_must_not_be_found_is_there_and_not_expected(name: str) -> None:
    for query in queries(name):
        assert set(query.never) <= articles().keys() - set(query.expected), query.id
        assert query.never == sorted(set(query.never)), query.id


@pytest.mark.parametrize("name", QUERIES)
def test_what_must_stand_above_is_expected(name: str) -> None:
    for query in queries(name):
        for upper, lower in query.above:
            assert upper in query.expected, query.id
            assert lower in articles().keys() - set(query.never) - {upper}, query.id


@pytest.mark.parametrize(
    ("name", "counts", "without"),
    [
        ("search-queries", {" NOT ": 10, " OR ": 7, '"': 10, "*": 4, ":": 5}, 165),
        ("search-queries-held-out", {" NOT ": 5, " OR ": 3, '"': 3, "*": 6, ":": 5}, 98),
        ("search-queries-third", {" NOT ": 6, " OR ": 5, '"': 5, "*": 5, ":": 5}, 75),
    ],
)
def test_queries_use_every_operator_and_most_use_none(
    name: str, counts: dict[str, int], without: int
) -> None:
    texts = [query.text for query in queries(name)]
    used = {mark: sum(mark in text for text in texts) for mark in counts}

    assert used == counts
    assert sum(not any(mark in text for mark in used) for text in texts) == without
