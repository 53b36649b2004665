"""What two texts have in common, and what follows for how they stand to each other."""

from __future__ import annotations

import numpy as np
import pytest

from services.enrichment.relations.comparing import compare
from services.enrichment.relations.shingles import (
    SKETCH_MIN,
    Shingled,
    shingled,
)
from tests.wire_builders import article

LONG = " ".join(f"word{number}" for number in range(100))
OTHER = " ".join(f"other{number}" for number in range(100))


def text(*body: str, headline: str = "Head") -> Shingled:
    return shingled(article(headline=headline, body=body))


def test_shingles_are_sorted_and_each_once() -> None:
    found = text(LONG, LONG).shingles

    assert np.all(found[:-1] < found[1:])
    assert len(found) == 100  # 98 in the row, and two over the joint


def test_a_sketch_is_a_sample_of_the_shingles() -> None:
    whole = text(" ".join(f"w{number}" for number in range(2_000)))

    assert set(whole.sketch.tolist()) <= set(whole.shingles.tolist())
    assert 120 <= len(whole.sketch) <= 220  # one in twelve of 1,998
    assert len(text(LONG).sketch) == SKETCH_MIN


@pytest.mark.parametrize("body", [(), ("",), ("one",), ("one two",), ("1 2 3 4 5",), ("!!!",)])
def test_any_text_is_short_or_has_shingles(body: tuple[str, ...]) -> None:
    found = shingled(article(headline="A", body=tuple(part for part in body if part)))

    assert found.is_short
    assert len(found.shingles) >= 1


# --- how they stand to each other ---------------------------------------------------------------


def test_the_same_words_are_a_near_duplicate_whatever_the_headline_says() -> None:
    found = compare(text(LONG, headline="One"), text(LONG.upper(), headline="Two"))

    assert found.kind == "near_duplicate"
    assert found.evidence() == {
        "shared_shingles": "98", "in_other": "1.000", "of_other": "1.000",
        "numbers_shared": "0", "numbers_differing": "0", "threshold": "0.60",
    }  # fmt: skip


def test_a_byline_and_a_footer_make_no_other_text() -> None:
    framed = text("By Aigul Serik in Almaty", LONG, "All rights reserved by the Steppe Courier.")

    assert compare(framed, text(LONG)).kind == "near_duplicate"


def test_a_part_is_an_excerpt_and_its_whole_contains_it() -> None:
    whole = text(LONG, OTHER)
    part = text(" ".join(LONG.split()[:60]))

    assert compare(part, whole).kind == "excerpt_of"
    assert compare(whole, part).kind == "contains"


def test_a_text_written_with_the_other_at_hand_is_derived() -> None:
    half = " ".join(LONG.split()[:50])

    assert compare(text(half, OTHER[: len(OTHER) // 2]), text(LONG)).kind == "derived"


def test_texts_that_share_a_paragraph_of_a_few_words_are_not_related() -> None:
    shared = " ".join(LONG.split()[:25])

    assert compare(text(shared, OTHER), text(LONG)).kind is None


def market(day: str, rate: str, change: str, volume: str) -> Shingled:
    return text(
        f"The tenge closed at {rate} per dollar on {day}, {change} percent weaker than the day"
        f" before, on the Kazakhstan Stock Exchange, where {volume} million dollars changed hands."
        " Dealers said that demand from importers was moderate and that exporters sold currency"
        " ahead of tax payments, as they do every month. The central bank did not take part."
    )


def test_two_days_by_one_template_are_siblings_and_no_copies() -> None:
    monday, tuesday = (
        market("2 March", "498.20", "0.3", "71"),
        market("3 April", "501.75", "0.7", "88"),
    )

    found = compare(monday, tuesday)
    assert found.kind == "template_sibling"
    assert found.containment > 0.6
    assert (found.numbers_shared, found.numbers_differing) == (0, 8)


def test_a_copy_of_a_days_template_is_a_copy() -> None:
    monday = market("2 March", "498.20", "0.3", "71")

    assert compare(monday, market("2 March", "498.20", "0.3", "71")).kind == "near_duplicate"


def test_short_texts_are_compared_as_sets_of_words_with_the_same_numbers() -> None:
    flash = text("Quake of magnitude 5.4 shakes Naryn, no damage reported")
    again = text("Quake of magnitude 5.4 shakes Naryn: no damage reported")
    other = text("Quake of magnitude 4.9 shakes Naryn, no damage reported")

    assert compare(flash, again).kind == "near_duplicate"
    assert compare(flash, other).kind == "template_sibling"
    assert compare(flash, text("Rain in Osh")).kind is None


def test_a_short_text_is_no_excerpt() -> None:
    """A caption or a notice stands under many articles."""
    notice = " ".join(LONG.split()[:35])

    assert compare(text(notice), text(LONG, OTHER)).kind is None


def test_nothing_is_like_nothing() -> None:
    assert compare(text(headline="!"), text(headline="?")).kind is None
