"""The opaque cursor: what it keeps, and what it refuses."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.api import cursors
from services.api.articles.parameters import ArticlesQuery
from services.api.cursors import After, Since
from services.api.schemas import CURSOR_CHARS_MAX
from shared.errors import Rejected
from shared.streams import ORIGIN, Checkpoint, Position

SINCE = Since(41, "6dfc0a51")
AFTER = After(
    "2025-12-13T00:00:00.000000Z", 3, "00000000-0000-5000-8000-000000000001", SINCE, "0a1b2c3d"
)
NO_COUNTS = (2**53, 2**63, -1, True)


@pytest.mark.parametrize(
    "cursor",
    [AFTER, SINCE, Since(0), Since(9_007_199_254_740_991, "abcdefgh", 9_007_199_254_740_991)],
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
        *(Since(1, "6dfc0a51", late) for late in NO_COUNTS),
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


@pytest.mark.parametrize(
    "before",
    [
        "Nzg0MzA2YmNbNDFd",  # for what came after event 41, as it was when it held the seq alone
        "ZjIxNmIzMDVbNDEsIjZkZmMwYTUxIl0",  # the same with the mark of the event
    ],
)
def test_a_cursor_of_an_earlier_version_is_refused_with_the_next_step(before: str) -> None:
    with pytest.raises(Rejected, match=r"earlier version of this api\. Read the list afresh"):
        cursors.read(before)


def test_one_list_is_the_same_however_its_parameters_are_written() -> None:
    one = ArticlesQuery(tag=["iso3166:KZ", "geonames:1526384"], limit=5, wait=3)
    same = ArticlesQuery(tag=["geonames:1526384", "iso3166:KZ", "iso3166:KZ"], copies="hidden")
    other = ArticlesQuery(tag=["geonames:1526384"])

    assert cursors.chosen("articles", one) == cursors.chosen("articles", same)
    assert cursors.chosen("articles", one) != cursors.chosen("articles", other)
    assert cursors.chosen("articles", one) != cursors.chosen("front", one)


def test_a_cursor_of_another_list_is_told_so() -> None:
    text = cursors.text(AFTER)

    assert cursors.read(text, "0a1b2c3d") == AFTER
    assert cursors.read(cursors.text(SINCE), "ffffffff") == SINCE
    with pytest.raises(Rejected, match="goes on with another list"):
        cursors.read(text, "ffffffff")


def test_a_cursor_tells_the_event_that_it_was_given_at() -> None:
    here = Checkpoint(Position("5-0"), 41, "6a1b")

    assert cursors.since(here) == cursors.event(41, "6a1b")
    assert cursors.event(41, "6a1b") != cursors.event(41, "6a1c")
    assert cursors.since(ORIGIN) == Since(0)


def test_who_goes_on_after_an_event_cannot_do_so_with_a_page_of_a_list() -> None:
    assert cursors.read_since(cursors.text(SINCE)) == SINCE
    with pytest.raises(Rejected, match="for the following page of a list"):
        cursors.read_since(cursors.text(AFTER))
