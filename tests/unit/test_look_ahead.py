"""Articles that are decided next are read together, and each is decided as if by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from services.enrichment import worker
from services.enrichment.desks import ArticleDesk
from services.enrichment.reading import Reader, Reading
from services.enrichment.steps import Steps
from services.enrichment.steps.language import Language
from services.enrichment.worker import Enricher
from shared.log import Entry
from shared.news import Article
from shared.streams import Position
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import (
    Newsroom,
    at,
    drive,
    entry_of,
    ids,
    quiet,
    received,
    withdrawn,
)

STEPS = Steps(
    language=lambda _: Language("en", 99),
    names=lambda _: (),
    topics=lambda *_: (),
    methods={"language": "guess/1"},
)


def entries(*names: str) -> list[Entry]:
    """Articles as they stand on the log."""
    return [
        entry_of("articles", received(name), seq)._replace(position=Position(f"{seq}-0"))
        for seq, name in enumerate(names, start=1)
    ]


def test_articles_of_a_batch_are_read_ahead_of_their_turn() -> None:
    desk = ArticleDesk(MemoryLog(), Reader(STEPS))
    withdrawal = entry_of("articles", withdrawn("a"), 3)._replace(position=Position("3-0"))
    desk.look_ahead([*entries("a", "b"), withdrawal])

    assert sorted(desk.ahead) == ["1-0", "2-0"]
    assert desk.ahead[Position("1-0")].reading.language.code == "en"


def test_what_was_read_ahead_is_forgotten_with_the_next_batch() -> None:
    desk = ArticleDesk(MemoryLog(), Reader(STEPS))
    desk.look_ahead(entries("a", "b"))
    desk.look_ahead(entries("c"))

    assert desk.ahead == {}  # one alone is read at its turn


def test_an_event_that_cannot_be_read_keeps_nothing_ahead() -> None:
    """Each is then read at its turn, and it is seen which one fails."""
    desk = ArticleDesk(MemoryLog(), Reader(STEPS))
    good, bad = entries("a", "b")
    desk.look_ahead([good, bad._replace(fields={**bad.fields, b"data": b"{"})])

    assert desk.ahead == {}


@dataclass(frozen=True)
class Counted(Reader):
    """Remembers how many articles were read together."""

    together: list[int] = field(default_factory=list)

    def all(self, articles: Sequence[Article]) -> list[Reading]:
        """See Reader.all."""
        self.together.append(len(articles))
        return Reader(self.steps).all(articles)


async def test_the_wire_is_the_same_with_and_without_looking_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "AHEAD_MAX", 3)
    counted, wires = Counted(STEPS), []
    for read in (counted, Reader(STEPS).__call__):
        log = MemoryLog()
        newsroom = Newsroom(log)
        for number in range(10):
            await newsroom.say(received(f"a{number}", headline=f"Snow {number}"))
        await drive(Enricher(ArticleDesk(log, read), log, lambda: at(12), "1.0", quiet()), log)
        wires.append(await ids(log))

    assert wires[0] == wires[1]
    assert counted.together == [3, 3, 3, 1]
