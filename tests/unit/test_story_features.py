from services.enrichment.stories.features import (
    CHARACTERS_MAX,
    WEIGHT,
    Features,
    Name,
    features,
)
from services.enrichment.stories.words import name_key
from shared.testing import builders
from tests.story_items import tag


def read(headline: str, *body: str) -> Features:
    return features(builders.article(headline=headline, body=body), "en", ())


def weights(found: Features) -> dict[str, int]:
    """How much an article has of each word."""
    told = zip(found.stems, found.terms, strict=True)
    return {stem: number & WEIGHT for stem, number in told}


def test_a_word_of_the_headline_counts_twice() -> None:
    assert weights(read("dam grows", "A crane.")) == {"dam": 7, "grows": 7, "crane": 4}


def test_words_that_stand_everywhere_say_nothing() -> None:
    assert read("It was said", "They said that it was not all.").terms == ()


def test_a_name_is_the_same_in_both_scripts_and_in_every_case() -> None:
    assert name_key("Seilov") == name_key("Сейлова") == "seilo"
    assert name_key("Omsk") == name_key("Омске") == "omsk"
    assert name_key("Kairat") == name_key("Кайрата") == "kaira"
    assert name_key("Zhyrgalan") == name_key("Жыргаланда") == "jirga"


def test_a_possessive_is_no_other_word() -> None:
    assert read("Oral’s").terms == read("Oral's").terms == read("Oral").terms
    assert read("d'Alva").terms == read("Dalva").terms


def test_numbers_are_compared_without_signs_of_typography() -> None:
    assert read("Losses", "Of 20,000 only 5,7 percent.").numbers == ("20000", "5.7")
    assert read("Losses", "In 2026 1,200 of 34 houses; 7 fell.").numbers == ("1200", "34")


def test_days_of_the_week_are_no_names() -> None:
    assert read("quiet", "on Monday in Kambarata").names == (Name.of("kamba", "word"),)


def test_a_headline_in_capitals_tells_no_names() -> None:
    assert read("Crane Falls Beside Dam", "nobody was hurt").names == ()


def test_tags_come_first_and_explain_their_words() -> None:
    place = tag("1526384", "place").model_copy(
        update={"spans": ({"field": "headline", "start": 0, "end": 6, "text": "Almaty"},)}
    )
    place = place.model_validate(place.model_dump(warnings=False))
    article = builders.article(headline="in Almaty Seilov is heard", body=())
    assert features(article, "en", [place]).names == (
        Name.of("geonames:1526384", "place"),
        Name.of("seilo", "word"),
    )


def test_the_magnitude_of_an_earthquake_is_read_in_tenths() -> None:
    assert read("Quake", "an earthquake of magnitude 5.7 hit").magnitude == 57
    assert read("Quake", "землетрясение магнитудой 6,1").magnitude == 61
    assert read("Quake", "a 4.8-magnitude tremor").magnitude == 48
    assert read("Quake", "a strong tremor").magnitude == 0


def test_a_text_of_nothing_of_one_word_and_of_numbers_alone() -> None:
    assert read("…") == Features("en", words=0)
    assert weights(read("Dam")) == {"dam": 7}
    found = read("12 34", "56 78 90 11 22 33 44")
    assert found.names == ()
    assert found.numbers == ("12", "34", "56", "78", "90", "11")


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    beginning = "crane dam concrete " * (CHARACTERS_MAX // 19 + 1)
    found = read("Kambarata", beginning + "ferry " * 900_000)
    assert set(found.stems) == {"kambar", "crane", "dam", "concre"}


def test_a_repeated_paragraph_counts_once() -> None:
    assert read("Dam", *["The crane fell."] * 5_000).terms == read("Dam", "The crane fell.").terms
