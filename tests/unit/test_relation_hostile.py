"""Texts that nobody would write: each is decided, by a stated rule, in bounded time."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

import pytest

from services.enrichment.memory import ArticleMemory
from services.enrichment.relations.shingles import shingled
from services.enrichment.relations.window import CANDIDATES_MAX
from services.enrichment.wording import WORDS_MAX
from shared.news import ArticleId, Relation
from tests.wire_builders import Decisions, article, at, received

CPU_S_MAX = 30.0
"""Ten times and more of what the worst takes on a slow machine."""
LONG = " ".join(f"word{number}" for number in range(100))


def _distinct() -> str:
    return " ".join(f"w{number}" for number in range(1_000_000))


def _mixed() -> str:
    return " ".join(
        random.Random(1).choices(("bаnk", "мoст", "東京", "Oʻsh", "ﬁne", "٣٤"), k=9_000)
    )


TEXTS: dict[str, Callable[[], tuple[str, ...]]] = {
    "empty": lambda: (),
    "one word": lambda: ("word",),
    "5 MB": lambda: ("tenge rose " * 450_000,),
    "numbers": lambda: (" ".join(str(number) for number in range(100_000)),),
    "two scripts": lambda: (_mixed(),),
    "one paragraph 10,000 times": lambda: (LONG,) * 10_000,
    "a million words": lambda: (_distinct(),),
    "capitals": lambda: ("A" * 500_000 + " B" * 300_000,),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_any_text_is_decided_and_its_copy_is_found(kind: str) -> None:
    body = TEXTS[kind]()
    desk = Decisions()

    began = time.process_time()
    for number, name in enumerate(("first", "again")):
        said = article(name, headline="Head", body=body, published_at=at(number))
        # Not through an event: ingest refuses texts of this size before.
        text = shingled(said)
        assert text.words <= WORDS_MAX
        desk.memory.relations.wanted(said.article_id, said.text_hash, text)
        if sum(map(len, body)) < 200_000:
            desk.hear(received(name, headline="Head", body=body, published_at=at(number)))
    took_s = time.process_time() - began

    sys.stdout.write(f"{kind}: {took_s:.2f} CPU s\n")
    assert took_s < CPU_S_MAX
    if desk.wire:
        assert desk.memory.relations.canonical == {"again": "first"}


def test_a_thousand_copies_are_one_star_and_each_is_compared_with_few() -> None:
    memory = ArticleMemory().relations
    said = article("a0", headline="Head", body=(LONG,))
    text = shingled(said)
    began = time.process_time()
    for number in range(1_000):
        one = said.model_copy(update={"article_id": ArticleId(f"a{number}")})
        assert len(memory.wanted(one.article_id, one.text_hash, text)) <= CANDIDATES_MAX
        exact = Relation(
            kind="exact", article_id=ArticleId("a0"), source="s", evidence={}, method="m"
        )
        memory.carried(one, (exact,) if number else (), text)
    took_s = time.process_time() - began

    sys.stdout.write(f"star of 1,000: {took_s:.2f} CPU s\n")
    assert len(memory.copies_of(ArticleId("a0"))) == 999
    assert took_s < CPU_S_MAX


def test_copies_of_a_large_star_never_lead_to_an_article_that_is_gone() -> None:
    """Only some of its copies are told of: the others stand for themselves."""
    desk = Decisions()
    for number in range(CANDIDATES_MAX + 10):
        said = {"headline": "Head", "body": (LONG,), "published_at": at(0, number)}
        desk.hear(received(f"a{number}", **said))
    memory = desk.memory.relations
    assert len(memory.copies_of(ArticleId("a0"))) == CANDIDATES_MAX + 9
    desk.memory.relations.gone(ArticleId("a0"))

    assert memory.copies_of(ArticleId("a0")) == []
    assert "a0" not in memory.canonical.values()
