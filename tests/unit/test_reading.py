"""A step that fails costs an article what that step would have said, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

import pytest

from services.enrichment import articles, reading
from services.enrichment.reading import NO_TEXT, REASON_CHARS_MAX, Reader
from services.enrichment.steps import Steps
from services.enrichment.steps.language import Language
from shared.events import ArticlePublished
from shared.news import Article, Tag
from tests.wire_builders import Decisions, almaty, article, received

STEPS = Steps(
    language=lambda _: Language("en", 99),
    names=lambda _: (almaty(),),
    topics=lambda *_: (),
    methods={"names": "words/1"},
)


def fails(*_: Any) -> NoReturn:
    raise KeyError("no such\nrow\x00" + "x" * 1_000)


@pytest.mark.parametrize("step", ["language", "names", "topics"])
def test_a_step_that_fails_is_named_with_its_reason_and_the_others_do_theirs(step: str) -> None:
    whole = Reader(STEPS)(article())
    found = Reader(replace(STEPS, **{step: fails}))(article())

    (reason,) = found.unfinished.values()
    assert list(found.unfinished) == [step]
    assert reason.startswith("KeyError: 'no such")
    assert len(reason) <= REASON_CHARS_MAX
    assert reason.isprintable()
    assert (found.language.code == "en") == (step != "language")
    assert (found.tags == whole.tags) == (step != "names")
    assert (found.words, whole.unfinished) == (whole.words, {})
    assert found.text.shingles.tolist() == whole.text.shingles.tolist()


def test_many_articles_are_read_as_each_by_itself() -> None:
    """Also where a step fails on one of them."""

    def names(said: Article) -> tuple[Tag, ...]:
        return fails() if said.headline == "bad" else (almaty(),)

    read = Reader(replace(STEPS, names=names))
    said = [article(headline=one, body=(f"{one} " * 50,)) for one in ("Snow", "bad", "Ice")]

    for together, alone in zip(read.all(said), map(read, said), strict=True):
        assert replace(together, text=NO_TEXT) == replace(alone, text=NO_TEXT)
        assert together.text.shingles.tolist() == alone.text.shingles.tolist()
    assert [list(one.unfinished) for one in read.all(said)] == [[], ["names"], []]


@pytest.mark.parametrize(
    ("step", "module", "name", "kinds"),
    [
        ("relations", reading, "shingled", ["exact"]),  # known by its hash alone
        ("stories", reading, "features", ["exact"]),
        ("relations", articles, "relate", []),
        ("stories", articles, "place", ["exact"]),
    ],
)
def test_an_article_whose_relations_or_story_fail_is_published_all_the_same(
    monkeypatch: pytest.MonkeyPatch, step: str, module: Any, name: str, kinds: list[str]
) -> None:
    desk = Decisions()
    snow = {"headline": "Snow in Almaty", "body": ("Much snow fell.",)}
    desk.hear(received("a", **snow))
    monkeypatch.setattr(module, name, fails)  # a fault: no text is known that makes one

    (event,) = [e for e in desk.hear(received("b", **snow)) if isinstance(e, ArticlePublished)]

    assert event.unfinished is not None
    assert list(event.unfinished) == [step]
    assert [relation.kind for relation in event.relations] == kinds
    assert event.tags == (almaty(),)
