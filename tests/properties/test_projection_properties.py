"""However the wire is cut into batches and delivered: one view file."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.projection import provenance, store
from services.projection.evolve import evolve
from services.projection.projector import Fold
from shared import views
from shared.envelope import decode
from shared.events import (
    ArticleCanceled,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
    ArticleUpdated,
    RateQuoted,
    RateRestated,
    WireEvent,
)
from shared.log import Entry
from tests.folds import on_log
from tests.wire_builders import (
    Rows,
    almaty,
    carried,
    closed,
    merged,
    notice,
    opened,
    parted,
    quiet,
    quoted,
    rows_of,
    unfit,
)

ARTICLES = st.sampled_from(["a", "b", "c"])
STORIES = st.sampled_from([f"5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b5{number}" for number in range(3)])
DAYS = st.sampled_from(["2026-03-01", "2026-03-02"])
WIRE_EVENTS = st.one_of(
    st.builds(
        lambda kind, one, words, is_tagged: carried(
            kind, one, headline=words, tags=(almaty(),) if is_tagged else ()
        ),
        st.sampled_from([ArticlePublished, ArticleUpdated, ArticleReinstated]),
        ARTICLES,
        st.sampled_from(["One", "Two"]),
        st.booleans(),
    ),
    st.builds(notice, st.sampled_from([ArticleCanceled, ArticleTakenBack]), ARTICLES),
    st.builds(
        quoted, st.sampled_from(["1", "2"]), DAYS, st.sampled_from([RateQuoted, RateRestated])
    ),
    st.builds(opened, STORIES, ARTICLES, ARTICLES),
    st.builds(merged, STORIES, STORIES, ARTICLES),
    st.builds(parted, STORIES, ARTICLES, ARTICLES),
    st.builds(closed, STORIES, ARTICLES),
)
POISON = st.builds(unfit, ARTICLES)
CUTS = st.lists(st.integers(1, 6), max_size=30)


def in_memory() -> tempfile.TemporaryDirectory[str]:
    """A folder on a disk that need not be waited for, where there is one."""
    shared_memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=shared_memory if shared_memory.is_dir() else None)


async def folded(batches: list[list[Entry]]) -> Rows:
    """What a fold makes of some batches; each begins with a projection that has just started."""
    with in_memory() as folder:
        file = Path(folder) / "views.sqlite"
        views.create(file).close()
        for batch in batches:
            with closing(views.open_writer(file)) as connection:
                await Fold(connection, "1.0", quiet()).take(batch)
        with closing(views.open_reader(file)) as connection:
            return rows_of(connection)


def cut(found: list[Entry], sizes: list[int]) -> list[list[Entry]]:
    batches = []
    for size in sizes:
        if found:
            batches.append(found[:size])
            found = found[size:]
    return [*batches, found] if found else batches


@settings(max_examples=60, deadline=None)
@given(st.lists(WIRE_EVENTS, max_size=20), CUTS)
def test_batches_do_not_show_in_the_views(events: list[WireEvent], sizes: list[int]) -> None:
    async def run() -> None:
        found = await on_log(events)
        assert await folded(cut(found, sizes)) == await folded([found] if found else [])

    asyncio.run(run())


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(WIRE_EVENTS, POISON), max_size=9), CUTS)
def test_batches_do_not_show_in_what_is_set_aside(
    events: list[WireEvent], sizes: list[int]
) -> None:
    async def run() -> None:
        found = await on_log(events)
        assert await folded(cut(found, sizes)) == await folded([found] if found else [])

    asyncio.run(run())


@settings(max_examples=40, deadline=None)
@given(st.lists(WIRE_EVENTS, max_size=12), st.randoms(use_true_random=False))
def test_an_event_that_comes_late_gives_the_same_rows(
    events: list[WireEvent], dice: object
) -> None:
    """Each subject in its own order, subjects in any order."""

    def written(found: list[Entry]) -> Rows:
        with in_memory() as folder, closing(views.create(Path(folder) / "v")) as connection:
            with views.transaction(connection):
                for entry in found:
                    recorded = decode("wire", entry)
                    rows = evolve(recorded)
                    for row in rows:
                        store.write(connection, row)
                    provenance.write(connection, recorded, rows)
            return rows_of(connection)

    found = asyncio.run(on_log(events))
    by_subject: dict[bytes, list[Entry]] = {}
    for entry in found:
        by_subject.setdefault(entry.fields[b"subject"], []).append(entry)
    late: list[Entry] = []
    while by_subject:
        subject = dice.choice(sorted(by_subject))  # type: ignore[attr-defined]
        late.append(by_subject[subject].pop(0))
        by_subject = {key: rest for key, rest in by_subject.items() if rest}

    assert written(late) == written(found)
