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

AFTER = After("2025-12-13T00:00:00.000000Z", 3, "00000000-0000-5000-8000-000000000001", 41)


@pytest.mark.parametrize("cursor", [AFTER, Since(0), Since(9_007_199_254_740_991)])
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
        Since(2**53),
        Since(2**63),
        Since(-1),
        Since(seq=True),
        After("x", 2**64 - 1, "y", 1),
        After("x", 1, "y", 2**63),
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
