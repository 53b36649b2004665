"""Notes by one template are told apart by what stands in their slots."""

from __future__ import annotations

import random

import pytest

from services.enrichment.relations.comparing import compare
from services.enrichment.relations.shingles import SHORT_WORDS, Shingled, shingled
from services.enrichment.relations.slots import Agreement, agreements
from tests.scoring.near_duplicates import Text, article, clusters_of
from tests.scoring.templates import notes

WEATHER = (
    "Cloudy weather is expected in {} on {}, the national weather service said. No precipitation"
    " is likely during the day, and visibility on the roads will be good. {} of the service told"
    " reporters that a light wind would pick up in the evening and bring cooler air from the"
    " foothills. Schools and kindergartens will work as usual. Drivers are advised to take care."
)
MONDAY = WEATHER.format("Almaty", "Monday", "Timur Abdrahmanov")


def text(body: str) -> Shingled:
    return shingled(article(1, body))


@pytest.mark.parametrize(
    ("other", "slots"),
    [
        (("Almaty", "Tuesday", "Timur Abdrahmanov"), "days 1 of 1"),
        (("Bishkek", "Monday", "Timur Abdrahmanov"), "names 1 of 6"),
        (("Almaty", "Monday", "Aigul Serikova"), "names 1 of 6"),
    ],
)
def test_a_note_for_another_day_place_or_person_is_a_sibling(
    other: tuple[str, str, str], slots: str
) -> None:
    found = compare(text(MONDAY), text(WEATHER.format(*other)))

    assert found.kind == "template_sibling"
    assert found.evidence()["slots_differing"] == slots


@pytest.mark.parametrize(
    "same",
    [
        WEATHER.format("Almaty", "Monday", "Timur Abdrakhmanov"),
        WEATHER.format("Alma-Ata", "Monday", "T. Abdrahmanov"),
        MONDAY.replace("No precipitation is", "Precipitation is not").replace("light", "gentle"),
        "By Aigul Serikova in Astana\n" + MONDAY + "\nAll rights reserved by the Steppe Courier.",
        "ASTANA, March 3 (Steppe Courier) - " + MONDAY,
        MONDAY.upper(),
        MONDAY.replace("Almaty", "Аlmаty"),
    ],
    ids=["spelling", "initial", "copy-edit", "byline", "dateline", "capitals", "homoglyphs"],
)
def test_a_copy_of_a_note_is_a_copy(same: str) -> None:
    assert compare(text(MONDAY), text(same)).kind == "near_duplicate"


def test_a_short_note_for_another_day_is_a_sibling() -> None:
    monday = "Rain is expected in the north and in the west of the country on Monday, with gusts"
    short = f"{monday} of wind in the mountains and snow on the passes later in the day."

    assert text(short).words < SHORT_WORDS
    assert compare(text(short), text(short)).kind == "near_duplicate"
    assert compare(text(short), text(short.replace("Monday", "Friday"))).kind == "template_sibling"


def test_slots_of_a_russian_note_hold_days_that_are_written_small() -> None:
    one = "В Алматы в понедельник ожидается дождь, сообщила служба погоды, а в горах пойдёт снег."
    other = one.replace("понедельник", "пятницу")

    assert agreements(one, other)["days"] == Agreement(same=0, other=1)


def test_a_slot_that_one_text_lacks_says_nothing() -> None:
    assert agreements("He came from Osh to the city.", "He left the town.") == {
        "figures": Agreement(0, 0), "days": Agreement(0, 0), "names": Agreement(0, 0),
        "directions": Agreement(0, 0),
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_no_two_of_400_notes_by_templates_are_joined(seed: int) -> None:
    said = notes()
    random.Random(seed).shuffle(said)
    texts = [Text(str(number), article(number, one.text)) for number, one in enumerate(said)]

    clusters = clusters_of(texts)

    assert len({one.text for one in said}) == 400
    assert len(set(clusters)) == 400
