"""The weights that are shipped are those that the training texts give, and say where from."""

from pathlib import Path

import pytest

from services.enrichment.topics import read_taxonomy
from services.enrichment.topics.__main__ import HERE, material, sources
from services.enrichment.topics.learning import learn
from services.enrichment.topics.samples import groups
from services.enrichment.topics.weights import parsed, printed
from services.enrichment.topics.weights import sources as stated

NAMES = read_taxonomy()
BYTES_MAX = 2_000_000


def shipped(language: str) -> Path:
    return HERE / f"weights.{language}.tsv"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_weights_are_of_these_texts(language: str) -> None:
    """On failure: ``make topics``, and read what changed in docs/topics.md's figures."""
    assert stated(shipped(language).read_text("utf-8").splitlines()) == sources(language)


@pytest.mark.timeout(300)  # a minute where nothing else runs
@pytest.mark.parametrize("language", ["en", "ru"])
def test_training_again_gives_the_same_bytes(language: str) -> None:
    again = "\n".join(printed(learn(material(language)), sources(language))) + "\n"
    assert again == shipped(language).read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_weights_are_small_enough_to_read(language: str) -> None:
    assert shipped(language).stat().st_size < BYTES_MAX


def test_a_model_that_is_printed_and_parsed_is_the_same() -> None:
    lines = shipped("ru").read_text("utf-8").splitlines()
    assert list(printed(parsed(lines, NAMES), sources("ru"))) == lines


def test_a_word_says_the_floor_of_a_class_beside_what_is_written_of_it() -> None:
    model = parsed(
        (
            "!language\ten",
            "!sources\t0",
            "!sharpness\t3.0\t2.0",
            "!classes\t04 15 none 0344 0385",
            "!floor\t-2 3 0",
            "inflat\t512\t04:148 0344:91",
        ),
        NAMES,
    )
    assert model.top.table.tolist() == [[146, 3, 0]]
    assert model.second["04000000"].table.tolist() == [[91, 0]]


def test_every_text_is_marked_with_a_topic_that_lies_under_its_own() -> None:
    for language in ("en", "ru"):
        for sample in material(language).texts:
            if sample.second is not None:
                assert NAMES.path(sample.second)[0] == sample.top


def test_no_two_training_texts_are_nearly_the_same() -> None:
    numbers = groups(material("en").texts, 0.6)
    assert len(set(numbers)) == len(numbers)


def test_the_taxonomy_has_seventeen_topics_at_the_top() -> None:
    assert len([topic for topic in NAMES.topics.values() if topic.parent is None]) == 17
    assert NAMES.path("20000344") == ("04000000", "20000344")
