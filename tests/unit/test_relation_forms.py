"""Single slots keep two notes by one form apart; no correction, edit or dateline does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.enrichment.relations.comparing import FORM_WORDS_MAX, compare
from services.enrichment.relations.directions import direction_of
from services.enrichment.relations.relating import compared
from services.enrichment.relations.shingles import Shingled, shingled
from services.enrichment.relations.slots import replaced
from shared.news import RelationKind
from tests.scoring.near_duplicates import AT, article, newcomer

TOLL = (
    "ALMATY, 3 March (Steppe Courier) - The toll bridge over the Ili was used by {cars} cars and"
    " {lorries} lorries on {day} March, the operator said, and the takings {verb} against the week"
    " before. A car pays 250 and a lorry 900 from 06:00 to 22:00, half of it at night. Holders of"
    " a pass are let through lane 4 at up to 30 kilometres an hour. The operator answers on 1414."
)
MONDAY = TOLL.format(cars="1,204", lorries="311", day="2", verb="rose")
HOUR = timedelta(hours=1)


def text(body: str) -> Shingled:
    return shingled(article(1, body))


def kind_of(
    body: str, other: str, *, sources: tuple[str, str] = ("a", "b"), later: timedelta = HOUR
) -> RelationKind | None:
    """How a text stands to another one that came later, of the same or another source."""
    both = [
        newcomer(said.model_copy(update={"source": source, "published_at": at}), shingled(said))
        for said, source, at in (
            (article(1, body), sources[0], AT),
            (article(2, other), sources[1], AT + later),
        )
    ]
    return compared(both[1], both[0]).kind


@pytest.mark.parametrize(
    ("slots", "evidence"),
    [
        ({"cars": "1,377", "lorries": "290"}, "figures 2 of 9"),
        ({"day": "9"}, "days 1 of 2"),
        ({"verb": "fell"}, "directions 1 of 2"),
    ],
)
def test_few_slots_tell_two_notes_however_many_constants_a_form_has(
    slots: dict[str, str], evidence: str
) -> None:
    said = {"cars": "1,204", "lorries": "311", "day": "2", "verb": "rose", **slots}

    found = compare(text(MONDAY), text(TOLL.format(**said)))

    assert found.kind == "template_sibling"
    assert found.slots_differing == evidence


def test_one_figure_of_a_form_may_be_corrected() -> None:
    assert compare(text(MONDAY), text(MONDAY.replace("311", "313"))).kind == "near_duplicate"


def test_a_verb_of_the_same_direction_is_an_edit() -> None:
    assert compare(text(MONDAY), text(MONDAY.replace("rose", "grew"))).kind == "near_duplicate"


def test_a_dateline_and_a_byline_of_another_publisher_are_no_other_slots() -> None:
    body = MONDAY.partition(" - ")[2]
    for head in ("ASTANA, 4 March (Wire) - ", "By Aigul Serikova, ", "TASHKENT. ", ""):
        assert compare(text(MONDAY), text(head + body)).kind == "near_duplicate"


def test_what_another_publisher_corrects_soon_is_a_copy_and_later_another_note() -> None:
    other = MONDAY.replace("311", "313")

    assert kind_of(MONDAY, other) == "near_duplicate"
    assert kind_of(MONDAY, other, later=24 * HOUR) == "template_sibling"


def test_what_one_publisher_sends_twice_with_another_figure_or_word_is_two_notes() -> None:
    own = ("a", "a")

    assert kind_of(MONDAY, MONDAY.replace("311", "313"), sources=own) == "template_sibling"
    assert kind_of(MONDAY, MONDAY.replace("operator", "ministry"), sources=own) == (
        "template_sibling"
    )


@pytest.mark.parametrize(
    "again",
    [
        MONDAY.replace("operator", "opertaor"),
        MONDAY + " All rights reserved.",
        MONDAY.replace("the operator said, and ", ""),
    ],
    ids=["a slip mended", "more", "less"],
)
def test_what_one_publisher_sends_twice_with_no_word_replaced_is_a_copy(again: str) -> None:
    assert kind_of(MONDAY, again, sources=("a", "a")) == "near_duplicate"


def test_a_word_that_another_publisher_edits_is_a_copy_on_any_day() -> None:
    other = MONDAY.replace("operator", "owner")

    assert kind_of(MONDAY, other, later=48 * HOUR) == "near_duplicate"


def test_a_place_in_other_words_beside_it_is_another_note_of_any_publisher() -> None:
    one, other = (f"{MONDAY} It closes {place} next." for place in ("in Osh", "on the Chu side"))

    assert kind_of(one, other) == "template_sibling"


def test_an_update_of_a_longer_text_is_a_copy() -> None:
    """It has two figures changed, and says more at its end."""
    story = " ".join(f"In place number{n} they counted {n} boats." for n in range(11, 45))
    update = story.replace(" 20 ", " 21 ").replace(" 30 ", " 32 ")

    assert text(story).words > FORM_WORDS_MAX
    added = " Rescuers said that they would go on until dark and begin again at dawn tomorrow."
    assert compare(text(story), text(update + added)).kind == "near_duplicate"
    assert compare(text(story), text(update)).kind == "template_sibling"


@pytest.mark.parametrize(
    ("this", "other", "places"),
    [
        ("a rate of 5.5 percent", "a rate of 5.3 percent", ("figures",)),
        ("a flow of 243,3 a second", "a flow of 103,2 a second", ("figures",)),
        ("paid 1,200 for it", "paid 1200 for it", ()),
        ("a case of measles was found", "a case of flu was found", ("words",)),
        ("rain in Osh fell", "rain on the Chinese border fell", ("names",)),
        ("measles in 3 towns", "flu in 4 towns", ("words", "figures")),
        ("the colour of the sea", "the color of the sea", ()),
        ("a boat sank", "a boat of fishermen sank", ()),
        ("a boat sank", "the boat sank", ()),
    ],
)
def test_places_in_which_two_texts_differ(this: str, other: str, places: tuple[str, ...]) -> None:
    assert replaced(this, other, 4) == places


@pytest.mark.parametrize(
    ("word", "direction"),
    [
        ("rose", "up"), ("fell", "down"), ("подорожал", "up"), ("снизился", "down"),
        ("төмендеді", "down"), ("oshdi", "up"), ("northerly", "north"), ("оңтүстік", "south"),
        ("rosemary", None), ("bank", None), ("восемь", None),
    ],
)  # fmt: skip
def test_words_that_point_somewhere(word: str, direction: str | None) -> None:
    assert direction_of(word) == direction
