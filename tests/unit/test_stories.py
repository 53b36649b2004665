import os
import subprocess
import sys
from itertools import count

import pytest

from services.enrichment.stories.comparing import TERMS_MIN
from services.enrichment.stories.grouping import CLOSED_MAX, Placed
from services.enrichment.stories.memory import MEMBERS_MAX
from shared.hashing import event_id
from shared.news import Tag
from shared.story_events import StoryClosed, StoryGrew, StoryMerged, StoryOpened, StoryParted
from tests.story_items import DAM, DAM_AGAIN, DAM_LATER, FERRY, FERRY_AGAIN, Wire, item, tag

DAY = 24
DAM_STORY = event_id("story", "dam-1")


@pytest.fixture
def wire() -> Wire:
    """A wire with a story of two articles on a dam."""
    wire = Wire()
    wire.carry(item("dam-1", DAM))
    wire.carry(item("dam-2", DAM_AGAIN, 2))
    return wire


def test_an_article_is_alone_until_a_second_one_comes() -> None:
    wire = Wire()
    assert wire.carry(item("dam-1", DAM)) == Placed(None)
    placed = wire.carry(item("dam-2", DAM_AGAIN, 2))
    assert placed.story_id == DAM_STORY
    (opened,) = placed.events
    assert isinstance(opened, StoryOpened)
    assert opened.article_ids == ("dam-1", "dam-2")
    assert (opened.representative, opened.headline) == ("dam-1", DAM[:40])
    assert set(opened.evidence) == {"similarity", "threshold", "shared_terms", "shared_names"}
    assert "kambar" in opened.evidence["shared_terms"].split()


def test_a_third_article_lets_the_story_grow(wire: Wire) -> None:
    placed = wire.carry(item("dam-3", DAM_LATER, 20))
    (grew,) = placed.events
    assert isinstance(grew, StoryGrew)
    assert (grew.story_id, grew.article_id, grew.representative) == (DAM_STORY, "dam-3", "dam-1")


def test_another_happening_stays_outside(wire: Wire) -> None:
    assert wire.carry(item("ferry-1", FERRY, 3)) == Placed(None)


def test_a_copy_goes_where_its_canonical_article_is(wire: Wire) -> None:
    copy = item("copy", FERRY, 3, copy_of="dam-2")
    placed = wire.carry(copy)
    assert placed.story_id == DAM_STORY
    assert placed.events[0].evidence == {"copy_of": "dam-2"}  # type: ignore[union-attr]
    assert wire.carry(item("ferry-1", FERRY_AGAIN, 4)) == Placed(None)  # a copy has no vote


def test_a_copy_of_an_article_alone_begins_a_story() -> None:
    wire = Wire()
    wire.carry(item("dam-1", DAM))
    (opened,) = wire.carry(item("copy", DAM, 1, copy_of="dam-1")).events
    assert isinstance(opened, StoryOpened)
    assert opened.representative == "dam-1"


def test_a_copy_of_what_is_forgotten_is_compared_as_others_are(wire: Wire) -> None:
    assert wire.carry(item("dam-3", DAM_LATER, 3, copy_of="unknown")).story_id == DAM_STORY


def test_a_revision_stays_in_its_story_whatever_it_says(wire: Wire) -> None:
    assert wire.carry(item("dam-2", FERRY, 5)) == Placed(DAM_STORY)


def test_a_new_headline_of_the_representative_is_said(wire: Wire) -> None:
    (grew,) = wire.carry(item("dam-1", DAM, 5, headline="Dam begun")).events
    assert isinstance(grew, StoryGrew)
    assert (grew.article_id, grew.headline) == ("dam-1", "Dam begun")


def test_a_revision_of_what_is_forgotten_keeps_the_story_that_the_wire_gave_it() -> None:
    wire = Wire()
    late = item("dam-1", DAM, 30 * DAY, story_id=DAM_STORY)
    assert wire.carry(late) == Placed(DAM_STORY)
    assert wire.carry(item("dam-9", DAM_AGAIN, 30 * DAY)) == Placed(None)  # that story is over


def test_an_article_alone_that_is_revised_may_find_its_story(wire: Wire) -> None:
    wire.carry(item("dam-3", FERRY, 3))
    assert wire.carry(item("dam-3", DAM_LATER, 4)).story_id == DAM_STORY


def test_a_more_trusted_source_stands_for_the_story(wire: Wire) -> None:
    (grew,) = wire.carry(item("dam-3", DAM_LATER, 3, trust_rank=1)).events
    assert isinstance(grew, StoryGrew)
    assert (grew.representative, grew.headline) == ("dam-3", DAM_LATER[:40])
    (after,) = wire.carry(item("dam-4", DAM_AGAIN, 4, trust_rank=1)).events
    assert isinstance(after, StoryGrew)
    assert after.representative == "dam-3"


def test_a_story_is_closed_after_seven_silent_days(wire: Wire) -> None:
    assert wire.carry(item("ferry-1", FERRY, 2 + 7 * DAY)) == Placed(None)
    placed = wire.carry(item("ferry-2", FERRY_AGAIN, 2.1 + 7 * DAY))
    closed, opened = placed.events
    assert isinstance(closed, StoryClosed)
    assert (closed.story_id, closed.articles, closed.headline) == (DAM_STORY, 2, DAM[:40])
    assert isinstance(opened, StoryOpened)
    assert set(wire.memory.kept) == {"ferry-1", "ferry-2"}


def test_what_comes_after_the_silence_begins_another_story(wire: Wire) -> None:
    assert wire.carry(item("dam-3", DAM_LATER, 3 + 7 * DAY)).story_id is None


def test_a_revision_after_the_silence_keeps_its_closed_story(wire: Wire) -> None:
    late = wire.carry(item("dam-2", DAM_AGAIN, 3 + 7 * DAY))
    assert late.story_id == DAM_STORY
    assert [type(event) for event in late.events] == [StoryClosed]
    assert "dam-2" not in wire.memory.story_by_article


def test_one_decision_closes_twenty_stories_at_most() -> None:
    wire = Wire()
    for number in range(CLOSED_MAX + 5):
        wire.carry(item(f"one-{number}", f"Alpha{number} beta{number} gam{number} delt{number}"))
        wire.carry(item(f"two-{number}", "something", 1, copy_of=f"one-{number}"))
    closed = [len(wire.carry(item(f"x{n}", FERRY, 9 * DAY)).events) for n in range(3)]
    assert closed == [20, 6, 1]  # the last five, and what the second and third begin themselves
    assert list(wire.memory.stories) == [event_id("story", "x0")]


NORTH = "Kambarata dam: concrete crane engineers Ankara poured turbine, sluices, cement, gravel."
SOUTH = "Kambarata dam: villagers orchards compensation houses pasture graves sheep, lorries."
BOTH = "Kambarata dam: concrete crane turbine engineers; villagers, compensation, houses, pasture."


def test_two_stories_become_one_when_an_article_is_close_to_both_and_they_are_close() -> None:
    wire = Wire()
    wire.carry(item("north", NORTH))
    wire.carry(item("south", SOUTH, 6.5 * DAY))  # so late that they are two
    wire.carry(item("north-2", "A copy", 6.6 * DAY, copy_of="north"))
    wire.carry(item("south-2", "A copy", 6.7 * DAY, copy_of="south"))
    assert len(wire.memory.stories) == 2
    grew, merged = wire.carry(item("both", BOTH, 6.8 * DAY)).events
    assert isinstance(grew, StoryGrew)
    assert isinstance(merged, StoryMerged)
    assert (merged.story_id, merged.merged_story_id) == (
        event_id("story", "north"),
        event_id("story", "south"),
    )
    assert merged.article_ids == ("south", "south-2")
    assert "other_similarity" in merged.evidence
    (story,) = wire.memory.stories.values()
    assert list(story.members) == ["north", "north-2", "both", "south", "south-2"]


def test_stories_that_are_not_close_to_each_other_stay_two() -> None:
    wire = Wire()
    wire.carry(item("north", "concrete crane engineers Ankara poured turbine sluices cement"))
    wire.carry(item("south", "villagers orchards compensation houses pasture graves sheep", 2))
    (opened,) = wire.carry(item("both", BOTH, 4)).events
    assert isinstance(opened, StoryOpened)
    assert opened.article_ids in {("north", "both"), ("south", "both")}


def test_articles_that_an_operator_takes_out_are_never_put_back(wire: Wire) -> None:
    wire.carry(item("dam-3", DAM_LATER, 3))
    (parted,) = wire.split(DAM_STORY, "dam-3")
    assert isinstance(parted, StoryParted)
    assert (parted.article_ids, parted.new_story_id) == (("dam-3",), None)
    assert wire.carry(item("dam-3", DAM_LATER, 4, story_id=DAM_STORY)).story_id is None
    assert wire.carry(item("dam-4", DAM_AGAIN, 5)).story_id == DAM_STORY


def test_what_is_taken_out_together_is_a_story_of_its_own(wire: Wire) -> None:
    wire.carry(item("dam-3", DAM_LATER, 3))
    parted, opened = wire.split(DAM_STORY, "dam-1", "dam-3")
    assert isinstance(parted, StoryParted)
    assert isinstance(opened, StoryOpened)
    assert parted.new_story_id == opened.story_id == event_id("story", "dam-1", DAM_STORY)
    assert (parted.representative, opened.representative) == ("dam-2", "dam-1")
    assert opened.article_ids == ("dam-1", "dam-3")


def test_taking_out_all_or_none_of_a_story_changes_nothing(wire: Wire) -> None:
    assert wire.split(DAM_STORY, "dam-1", "dam-2") == ()
    assert wire.split(DAM_STORY, "ferry-1") == ()
    assert wire.split(event_id("story", "unknown"), "dam-1") == ()


def test_an_article_that_was_taken_out_begins_a_story_of_another_id(wire: Wire) -> None:
    wire.split(DAM_STORY, "dam-1")
    placed = wire.carry(item("copy", DAM, 4, copy_of="dam-1"))
    assert placed.story_id == event_id("story", "dam-1", DAM_STORY)


def test_another_article_stands_for_a_story_when_the_first_is_withdrawn(wire: Wire) -> None:
    (grew,) = wire.withdraw("dam-1", 3)
    assert isinstance(grew, StoryGrew)
    assert (grew.representative, grew.headline) == ("dam-2", DAM_AGAIN[:40])
    assert grew.evidence == {"left": "dam-1"}


def test_a_story_goes_with_its_last_article(wire: Wire) -> None:
    wire.withdraw("dam-1")
    assert wire.withdraw("dam-2") == ()
    assert wire.memory.stories == {}
    assert wire.memory.kept == {}


RUSSIAN = "В Камбарате начали строить плотину, сообщил инженер Оспанов; ушло 1350 тонн и 48 машин."


def test_articles_in_two_languages_are_one_story_by_two_names_and_numbers() -> None:
    english = (
        "At Kambarata engineer Ospanov began the dam with 1,350 tonnes and 48 lorries of cement."
    )
    wire = Wire()
    wire.carry(item("en", english))
    (opened,) = wire.carry(item("ru", RUSSIAN, 35, language="ru")).events
    assert isinstance(opened, StoryOpened)
    assert opened.evidence == {
        "languages": "en ru",
        "shared_names": "kamba ospan",
        "shared_numbers": "1350 48",
    }


def test_articles_in_two_languages_stay_apart_after_a_day_and_a_half() -> None:
    english = (
        "At Kambarata engineer Ospanov began the dam with 1,350 tonnes and 48 lorries of cement."
    )
    wire = Wire()
    wire.carry(item("en", english))
    assert wire.carry(item("ru", RUSSIAN, 37, language="ru")) == Placed(None)


TWO_CITIES = [tag("1512569", "place"), tag("1526384", "place"), tag("1216265", "place")]
CARRIER = tag("organisation:uzbekistan-railways", "organisation", "newswire")
MINISTER = tag("Q1", "person", "wikidata")


@pytest.mark.parametrize(
    ("tags", "english", "russian", "are_one"),
    [
        (TWO_CITIES, "No figure is told here.", "Здесь чисел нет вовсе.", False),
        (TWO_CITIES[:2], "It has 12 wagons.", "У него 12 вагонов.", False),
        (TWO_CITIES[:2], "It has 1,264 beds.", "У него 1264 места.", True),
        (TWO_CITIES[:1], "It costs 11.9 a seat.", "Место стоит 11,9.", False),
        ([*TWO_CITIES[:1], CARRIER], "It costs 11.9 a seat.", "Место стоит 11,9.", True),
        ([*TWO_CITIES[:2], MINISTER], "No figure is told.", "Чисел нет вовсе.", True),
        ([MINISTER], "No figure is told.", "Чисел нет вовсе.", False),
    ],
)
def test_between_languages_names_and_numbers_say_enough_together(
    tags: list[Tag], english: str, russian: str, *, are_one: bool
) -> None:
    wire = Wire()
    wire.carry(item("en", f"Passengers sleep while carriages roll. {english}", tags=tags))
    joined = wire.carry(
        item("ru", f"Пассажиры спят, пока вагоны катятся сквозь степь. {russian}", 1,
             language="ru", tags=tags)
    )  # fmt: skip

    assert bool(joined.events) == are_one


def test_a_country_joins_no_articles_in_two_languages() -> None:
    countries = [tag("KG", "country", "iso3166"), tag("TR", "country", "iso3166")]
    wire = Wire()
    wire.carry(item("en", DAM.replace("Kambarata", "home"), tags=countries))
    russian = "Строители начали бетонные работы на новой плотине, сообщает пресса."
    assert wire.carry(item("ru", russian, 1, language="ru", tags=countries)) == Placed(None)


def test_earthquakes_of_different_magnitudes_stay_apart() -> None:
    text = "An earthquake of magnitude {} cracked houses and a school in villages of the valley."
    wire = Wire()
    wire.carry(item("quake-1", text.format("5.7")))
    assert wire.carry(item("quake-2", text.format("4.9"), 9)) == Placed(None)
    assert wire.carry(item("quake-3", text.format("5.8"), 10)).story_id is not None


def test_happenings_at_two_places_stay_apart() -> None:
    text = "The river rose over the dyke; rescuers in boats moved families, and sandbags ran short."
    wire = Wire()
    wire.carry(item("a", text + " Divers came.", tags=[tag("610529", "place")]))
    like = "Families wait for rescuers as the river rose; schools shut, cars float, says the mayor."
    here, there = [tag("610529", "place")], [tag("1520172", "place")]
    assert wire.carry(item("b", like, 1, tags=there)) == Placed(None)
    assert wire.carry(item("c", like, 2, tags=here)).story_id == event_id("story", "a")


@pytest.mark.parametrize("text", ["", "Dam", "12 34 56 78 90 11 22 33", "the of and to"])
def test_what_says_too_little_stays_alone(text: str) -> None:
    wire = Wire()
    assert TERMS_MIN > 1
    assert wire.carry(item("one", text, headline="1")) == Placed(None)
    placed = wire.carry(item("two", text, 1, headline="1"))
    assert placed.story_id is None or len(item("x", text).features.terms) >= TERMS_MIN


def test_a_long_story_is_compared_by_its_latest_articles() -> None:
    wire = Wire()
    numbers = count()
    for _ in range(MEMBERS_MAX + 10):
        number = next(numbers)
        wire.carry(item(f"dam-{number}", DAM, number / 60))
    (story,) = wire.memory.stories.values()
    assert (len(story.members), story.articles) == (MEMBERS_MAX, MEMBERS_MAX + 10)
    assert len(wire.memory.kept) == MEMBERS_MAX


def test_an_article_alone_is_forgotten_after_seven_days() -> None:
    wire = Wire()
    wire.carry(item("dam-1", DAM))
    wire.carry(item("ferry-1", FERRY, 8 * DAY))
    assert list(wire.memory.kept) == ["ferry-1"]


SCRIPT = """
from tests.story_items import *
wire = Wire()
for n, text in enumerate([DAM, FERRY, DAM_AGAIN, FERRY_AGAIN, DAM_LATER] * 3):
    wire.carry(item(f"a{n}", text, n))
print([said for said in wire.said if not isinstance(said, tuple)])
"""


def test_the_order_of_sets_decides_nothing() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
