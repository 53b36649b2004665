from __future__ import annotations

import pytest

from shared.errors import LogDiverged, PositionVanished, Rejected, SequenceGap
from shared.log import (
    CALL_BYTES_MAX,
    CALL_EVENTS_MAX,
    EVENT_BYTES_MAX,
    Bounds,
    Entry,
    calls,
    check_continuity,
    checked_bytes,
    fits_one_commit,
)
from shared.streams import ORIGIN, Checkpoint, Position
from tests.drafts import draft, output


def _entry(seq: int, event_id: str | None = None) -> Entry:
    return Entry(Position(f"{seq}-0"), seq, event_id or f"e{seq}", {})


AT_2 = Checkpoint(Position("2-0"), 2, "e2")


@pytest.mark.parametrize(
    ("after", "anchor", "entries"),
    [
        (ORIGIN, None, []),
        (ORIGIN, None, [_entry(1), _entry(2)]),
        (AT_2, _entry(2), []),
        (AT_2, _entry(2), [_entry(3), _entry(4)]),
    ],
    ids=["nothing yet", "from the first", "nothing new", "going on"],
)
def test_entries_that_go_on_where_the_checkpoint_stands_are_taken(
    after: Checkpoint, anchor: Entry | None, entries: list[Entry]
) -> None:
    check_continuity(after, anchor, None, entries)


@pytest.mark.parametrize(
    ("after", "entries", "sentence"),
    [
        (ORIGIN, [_entry(2)], "expected seq 1 after 0-0, found 2 at 2-0"),
        (AT_2, [_entry(4)], "expected seq 3 after 2-0, found 4 at 4-0"),
        (AT_2, [_entry(3), _entry(5)], "expected seq 4 after 2-0, found 5 at 5-0"),
        (AT_2, [_entry(3), _entry(3)], "expected seq 4 after 2-0, found 3 at 3-0"),
        (AT_2, [_entry(0)], "expected seq 3 after 2-0, found 0 at 0-0"),
    ],
    ids=["at the beginning", "at the checkpoint", "in the batch", "twice", "not ours"],
)
def test_a_seq_that_is_not_the_next_is_a_gap(
    after: Checkpoint, entries: list[Entry], sentence: str
) -> None:
    with pytest.raises(SequenceGap, match=f"{sentence}.*Restore them from an archive"):
        check_continuity(after, _entry(2), None, entries)


def test_another_event_at_the_position_is_another_log() -> None:
    with pytest.raises(LogDiverged, match="expected event e2 with seq 2 at 2-0, found x with seq"):
        check_continuity(AT_2, _entry(2, "x"), None, [_entry(3)])


@pytest.mark.parametrize(
    "bounds", [Bounds(None, 1), Bounds(_entry(1), 1), Bounds(_entry(2), 5), None]
)
def test_nothing_at_the_position_of_a_log_that_reaches_back_is_another_log(
    bounds: Bounds | None,
) -> None:
    with pytest.raises(LogDiverged, match=r"restored to an earlier state. Rebuild this state"):
        check_continuity(AT_2, None, bounds, [])


def test_a_log_that_begins_after_the_checkpoint_was_trimmed() -> None:
    with pytest.raises(PositionVanished, match="begins at seq 3: it was trimmed"):
        check_continuity(AT_2, None, Bounds(_entry(3), 3), [_entry(3)])


def test_a_log_that_was_trimmed_to_nothing_was_trimmed() -> None:
    with pytest.raises(PositionVanished, match="is empty: it was trimmed"):
        check_continuity(AT_2, None, Bounds(None, 2), [])


def test_damage_at_the_checkpoint_comes_before_a_gap() -> None:
    with pytest.raises(LogDiverged):
        check_continuity(AT_2, _entry(2, "x"), None, [_entry(9)])


# --- limits -------------------------------------------------------------------------------------


def test_the_limits_are_the_documented_ones() -> None:
    assert (CALL_EVENTS_MAX, CALL_BYTES_MAX, EVENT_BYTES_MAX) == (500, 2_000_000, 1_000_000)


@pytest.mark.parametrize(
    ("count", "size", "expected"),
    [
        (0, 0, []),
        (500, 0, [500]),
        (501, 0, [500, 1]),
        (1000, 0, [500, 500]),
        (3, 999_900, [2, 1]),
        (4, 600_000, [3, 1]),
    ],
)
def test_drafts_are_cut_into_calls_by_number_and_by_bytes(
    count: int, size: int, expected: list[int]
) -> None:
    drafts = [draft(f"s{n}", size=size) for n in range(count)]
    groups = list(calls(drafts))

    assert [len(group) for group in groups] == expected
    assert [one for group in groups for one in group] == drafts


def test_an_event_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert checked_bytes((b"id", b"x" * 999_998)) == 1_000_000
    with pytest.raises(Rejected, match="at most 1000000 bytes, this one has 1000001"):
        checked_bytes((b"id", b"x" * 999_999))


def test_a_commit_may_be_as_large_as_the_limits_and_no_larger() -> None:
    # `id`, a name of two letters and `data` are eight bytes beside the data.
    assert fits_one_commit([])
    assert fits_one_commit([output("o")] * 500)
    assert not fits_one_commit([output("o")] * 501)
    assert fits_one_commit([output("o1", size=999_992), output("o2", size=999_992)])
    assert not fits_one_commit([output("o1", size=999992), output("o2", size=999992), output("o3")])
