"""What the views hold of stories when the wire has said it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from services.projection import store
from services.projection.evolve import evolve
from shared import views
from shared.envelope import decode
from shared.events import WireEvent
from tests.wire_builders import closed, entry_of, merged, opened

ONE, OTHER, THIRD = (f"5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b5{number}" for number in range(3))


def stories(folder: Path, *events: tuple[int, WireEvent]) -> list[tuple[object, ...]]:
    """Stories as the views hold them when these events were read, each with its seq."""
    with closing(views.create(folder / "views.sqlite")) as connection:
        for seq, event in events:
            for row in evolve(decode("wire", entry_of("wire", event, seq))):
                store.write(connection, row)
        found = connection.execute("SELECT story_id, status, seq FROM story ORDER BY story_id")
        return [tuple(row) for row in found]


def test_a_story_that_was_merged_says_so_with_the_seq_of_what_ended_it(tmp_path: Path) -> None:
    said = (1, opened(ONE, "a", "b")), (2, opened(OTHER, "c", "d")), (3, merged(ONE, OTHER, "c"))

    assert stories(tmp_path, *said) == [(ONE, "open", 3), (OTHER, "merged", 3)]


def test_it_says_so_also_when_its_own_event_is_read_later(tmp_path: Path) -> None:
    """As happens when that one was set aside and is retried."""
    said = (1, opened(ONE, "a", "b")), (3, merged(ONE, OTHER, "c")), (2, opened(OTHER, "c", "d"))

    assert stories(tmp_path, *said) == [(ONE, "open", 3), (OTHER, "merged", 3)]


def test_a_story_that_took_others_in_is_closed_like_any_other(tmp_path: Path) -> None:
    said = (1, opened(ONE, "a", "b")), (2, merged(ONE, OTHER, "c")), (3, closed(ONE, "a"))

    assert stories(tmp_path, *said) == [(ONE, "closed", 3)]
