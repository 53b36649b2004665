"""The labelled texts have the shape that their README promises; no score is taken here."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal, TypeAlias

import pytest
from pydantic import BaseModel, ConfigDict

Language: TypeAlias = Literal["en", "ru", "kk", "ky", "uz-Latn", "uz-Cyrl", "tg", "tk"]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Place(Form):
    text: str
    code: str
    adjective: Literal[True] | None = None
    optional: Literal[True] | None = None


class Named(Form):
    text: str
    name: str
    optional: Literal[True] | None = None


class NamesText(Form):
    id: str
    lang: Language
    text: str
    source_country: str | None
    ambiguous: bool
    places: list[Place]
    people: list[Named]
    organisations: list[Named]


class Headline(Form):
    id: str
    lang: Language
    text: str


class TopicText(Form):
    id: str
    text: str
    topic: str
    also: list[str]
    second: str | None


class StoryArticle(Form):
    id: str
    story: str
    at: str
    source: str
    lang: Literal["en", "ru"]
    headline: str
    text: str


FOLDER: Final = Path(__file__).parents[1] / "labelled"
FILES: Final = ("languages", "names", "stories", "topics")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_PLACE: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?|[1-9][0-9]{4,7}")
_TOP: Final = re.compile(r"medtop:(0[1-9]|1[0-7])000000")
_SECOND: Final = re.compile(r"medtop:2000[0-9]{4}")


def lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()


def names() -> list[NamesText]:
    return [NamesText.model_validate_json(line) for line in lines("names")]


def headlines() -> list[Headline]:
    return [Headline.model_validate_json(line) for line in lines("languages")]


def topics() -> list[TopicText]:
    return [TopicText.model_validate_json(line) for line in lines("topics")]


def articles() -> list[StoryArticle]:
    return [StoryArticle.model_validate_json(line) for line in lines("stories")]


def is_words(text: str, least: int, most: int) -> bool:
    return least <= len(text.split()) <= most


@pytest.mark.parametrize("name", FILES)
def test_a_line_is_one_object_with_sorted_keys(name: str) -> None:
    for line in lines(name):
        assert json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True) == line


@pytest.mark.parametrize("name", FILES)
def test_an_id_counts_the_lines_of_its_file(name: str) -> None:
    ids = [json.loads(line)["id"] for line in lines(name)]

    assert ids == [f"{name}-{number:03}" for number in range(1, len(ids) + 1)]


@pytest.mark.parametrize("name", FILES)
def test_a_text_stands_in_a_file_once(name: str) -> None:
    texts = [json.loads(line)["text"] for line in lines(name)]

    assert len(set(texts)) == len(texts)


def test_names_are_labelled_in_eight_languages() -> None:
    spoken = Counter(text.lang for text in names())

    assert dict(spoken) == {
        "en": 118,
        "ru": 40,
        "ky": 10,
        "kk": 8,
        "uz-Latn": 8,
        "uz-Cyrl": 8,
        "tg": 8,
        "tk": 8,
    }


def test_a_labelled_name_stands_in_its_text() -> None:
    for text in names():
        labels: list[Place | Named] = [*text.places, *text.people, *text.organisations]
        assert [label for label in labels if label.text not in text.text] == [], text.id


def test_a_labelled_place_has_a_code_of_a_country_a_region_or_a_town() -> None:
    for text in names():
        assert text.source_country is None or _COUNTRY.fullmatch(text.source_country)
        for place in text.places:
            assert _PLACE.fullmatch(place.code), (text.id, place)
            if place.adjective:
                assert _COUNTRY.fullmatch(place.code), (text.id, place)


def test_texts_with_several_readings_and_texts_without_names_are_there() -> None:
    texts = names()
    unnamed = [t for t in texts if not (t.places or t.people or t.organisations)]

    assert sum(text.ambiguous for text in texts) >= 70
    assert len(unnamed) >= 15


def test_headlines_are_short_and_in_eight_languages() -> None:
    texts = headlines()

    assert [text.id for text in texts if not is_words(text.text, 3, 9)] == []
    assert dict(Counter(text.lang for text in texts)) == {
        "en": 18,
        "ru": 18,
        "kk": 14,
        "ky": 14,
        "uz-Latn": 10,
        "uz-Cyrl": 6,
        "tg": 10,
        "tk": 10,
    }


def test_each_topic_has_twelve_texts_and_no_news_sixteen() -> None:
    counted = Counter(text.topic for text in topics())

    assert counted.pop("none") == 16
    assert counted == {f"medtop:{number:02}000000": 12 for number in range(1, 18)}


def test_a_topic_text_has_a_headline_and_the_length_of_a_first_take() -> None:
    for text in topics():
        assert is_words(text.text, 50, 150), text.id
        assert "\n" in text.text, text.id


def test_topic_codes_are_of_their_level() -> None:
    for text in topics():
        assert all(_TOP.fullmatch(code) for code in text.also), text.id
        assert text.topic not in text.also, text.id
        assert text.second is None or _SECOND.fullmatch(text.second), text.id
        if text.topic == "none":
            assert (text.also, text.second) == ([], None), text.id


def test_articles_come_in_the_order_of_time_within_fourteen_days() -> None:
    instants = [datetime.fromisoformat(article.at) for article in articles()]

    assert instants == sorted(instants)
    assert instants[-1] - instants[0] <= timedelta(days=14)
    assert all(article.at.endswith("Z") for article in articles())


def test_stories_have_one_to_seven_articles() -> None:
    counted = Counter(article.story for article in articles())

    assert (len(counted), counted.total()) == (68, 248)
    assert sum(count == 1 for count in counted.values()) == 20
    assert max(counted.values()) <= 7


def test_articles_are_short_and_come_from_eight_sources_in_two_languages() -> None:
    told = articles()

    assert [article.id for article in told if not is_words(article.text, 40, 120)] == []
    assert len({article.source for article in told}) == 8
    assert len({article.story for article in told if article.lang == "ru"}) == 11
