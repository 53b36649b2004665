"""A step that fails costs an article what that step would have said, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

import pytest

from services.enrichment import articles, reading
from services.enrichment.reading import REASON_CHARS_MAX, read
from services.enrichment.steps import Steps
from services.enrichment.steps.language import Language
from shared.events import ArticlePublished
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
    whole = read(article(), STEPS)
    found = read(article(), replace(STEPS, **{step: fails}))

    (reason,) = found.unfinished.values()
    assert list(found.unfinished) == [step]
    assert reason.startswith("KeyError: 'no such")
    assert len(reason) <= REASON_CHARS_MAX
    assert reason.isprintable()
    assert (found.language.code == "en") == (step != "language")
    assert (found.tags == whole.tags) == (step != "names")
    assert (found.words, whole.unfinished) == (whole.words, {})
    assert found.text.shingles.tolist() == whole.text.shingles.tolist()


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
