"""The opaque cursor: what it keeps, and what it refuses."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api import cursors
from services.api.cursors import After, Since
from services.api.schemas import CURSOR_CHARS_MAX
from shared.errors import Rejected
from shared.streams import ORIGIN, Checkpoint, Position

SINCE = Since(41, "6dfc0a51")
AFTER = After("2025-12-13T00:00:00.000000Z", 3, "00000000-0000-5000-8000-000000000001", SINCE)
NO_COUNTS = (2**53, 2**63, -1, True)


@pytest.mark.parametrize(
    "cursor", [AFTER, SINCE, Since(0), Since(9_007_199_254_740_991, "abcdefgh")]
)
def test_a_cursor_comes_back_as_it_was_given(cursor: cursors.Cursor) -> None:
    assert cursors.read(cursors.text(cursor)) == cursor


def test_a_cursor_fits_a_url_without_escapes_and_its_own_limit() -> None:
    text = cursors.text(AFTER)

    assert text.replace("-", "").replace("_", "").isalnum()
    assert len(text) <= CURSOR_CHARS_MAX


def test_a_cursor_with_any_character_changed_is_refused() -> None:
    text = cursors.text(AFTER)

    for index in range(len(text)):
        other = "B" if text[index] != "B" else "C"
        forged = text[:index] + other + text[index + 1 :]
        if base64.urlsafe_b64decode(forged + "==") == base64.urlsafe_b64decode(text + "=="):
            continue  # the unused bits of the last character
        with pytest.raises(Rejected, match="Leave the cursor out"):
            cursors.read(forged)


@pytest.mark.parametrize(
    "foreign",
    ["x", "1772427601000-0", "WzQxXQ", "a" * 399, "кирилл", "  ", "e30=", "////"],
)
def test_a_foreign_cursor_is_refused(foreign: str) -> None:
    with pytest.raises(Rejected, match="Expected a cursor exactly as"):
        cursors.read(foreign)


@pytest.mark.parametrize(
    "cursor",
    [
        *(Since(seq, "6dfc0a51") for seq in NO_COUNTS),
        *(After("x", place, "y", SINCE) for place in NO_COUNTS),
        *(After("x", 1, "y", Since(seq, "6dfc0a51")) for seq in NO_COUNTS),
        Since(1, ""),
        Since(1, "6dfc0a5"),
        Since(0, "6dfc0a51"),
    ],
)
def test_a_number_that_no_cursor_of_ours_has_is_refused(cursor: cursors.Cursor) -> None:
    """The checksum is no secret: whoever reads the source can make any cursor."""
    with pytest.raises(Rejected, match="Expected a cursor exactly as"):
        cursors.read(cursors.text(cursor))


@given(st.text(max_size=50))
def test_no_text_at_all_is_taken_for_a_cursor(text: str) -> None:
    with pytest.raises(Rejected):
        cursors.read(text)


def test_a_cursor_of_before_the_mark_is_refused_with_the_next_step() -> None:
    """As the api gave it when a cursor held the seq alone: for what came after event 41."""
    with pytest.raises(Rejected, match=r"earlier version of this api\. Read the list afresh"):
        cursors.read("Nzg0MzA2YmNbNDFd")


def test_a_cursor_tells_the_event_that_it_was_given_at() -> None:
    here = Checkpoint(Position("5-0"), 41, "6a1b")

    assert cursors.since(here) == cursors.event(41, "6a1b")
    assert cursors.event(41, "6a1b") != cursors.event(41, "6a1c")
    assert cursors.since(ORIGIN) == Since(0)


def test_who_goes_on_after_an_event_cannot_do_so_with_a_page_of_a_list() -> None:
    assert cursors.read_since(cursors.text(SINCE)) == SINCE
    with pytest.raises(Rejected, match="for the following page of a list"):
        cursors.read_since(cursors.text(AFTER))
