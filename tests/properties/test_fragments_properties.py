"""What is kept of articles for lists is what the views say of them, however the wire goes on."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.api.articles import inbrief
from services.api.articles.listing import Page
from services.api.articles.wanted import Wanted
from services.api.fragments import Fragments
from services.api.reading import Reader
from services.projection.fold import Fold
from shared import views
from shared.events import WireEvent
from tests.folds import on_log
from tests.properties.test_projection_properties import CUTS, POISON, WIRE_EVENTS, cut, in_memory
from tests.wire_builders import quiet

ALL = Wanted(copies="shown")


def listed(reader: Reader) -> list[object]:
    with reader.snapshot() as snapshot:
        found = inbrief.seqs(snapshot.connection, ALL, Page(100))
        items = inbrief.items(snapshot.connection, found, snapshot.fragments)
        return [orjson.loads(item) for item in items]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(WIRE_EVENTS, POISON), max_size=25), CUTS)
def test_a_list_with_kept_fragments_is_one_without(
    events: list[WireEvent], sizes: list[int]
) -> None:
    async def run(folder: Path) -> None:
        file = folder / "views-0001.sqlite"
        views.create(file).close()
        views.publish(folder, file)
        keeping = Reader(folder)
        for batch in cut(await on_log(events), sizes):
            with closing(views.open_writer(file)) as connection:
                await Fold(connection, "1.0", quiet()).take(batch)
            afresh = Reader(folder)
            assert listed(keeping) == listed(afresh)
            afresh.close()
        keeping.close()

    with in_memory() as name:
        asyncio.run(run(Path(name)))


def test_what_is_not_asked_for_goes_when_there_is_too_much() -> None:
    fragments = Fragments(kept_bytes_max=20)
    fragments.keep("1", b"12345")
    fragments.keep("2", b"12345")
    fragments.keep("3", b"12345")
    assert fragments.find(["1"]) == [b"12345"]
    fragments.keep("4", b"12345")
    fragments.keep("5", b"12345")

    assert fragments.find(["1", "2", "9"]) == [b"12345", None, None]
