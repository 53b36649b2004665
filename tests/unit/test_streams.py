from __future__ import annotations

import pytest

from shared.streams import (
    ORIGIN,
    Checkpoint,
    Keys,
    Position,
    article_subject,
    rate_subject,
    series_name,
    source_urn,
)

HERE = Checkpoint(Position("1772409600000-3"), 17, "c9a1f7d2-6c8f-5a58-9d9f-0d9a4a4f8e11")


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    text = "1772409600000-3 17 c9a1f7d2-6c8f-5a58-9d9f-0d9a4a4f8e11"

    assert HERE.text() == text
    assert Checkpoint.read(text) == HERE


def test_a_consumer_before_the_first_event_has_no_text() -> None:
    assert Checkpoint(Position("0-0"), 0, "") == ORIGIN
    assert ORIGIN.text() == ""
    assert Checkpoint.read("") == ORIGIN


@pytest.mark.parametrize("text", ["1-0", "1-0 2", "1-0 x id", "1-0 2 id more"])
def test_a_damaged_checkpoint_is_never_read_as_another(text: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|invalid literal"):
        Checkpoint.read(text)


def test_every_key_carries_the_desks_hash_tag() -> None:
    keys = Keys("almaty")

    assert keys.stream("wire") == "{almaty}:wire"
    assert keys.meta("wire") == "{almaty}:wire:meta"
    assert keys.subject("rates", "urn:newswire:rate:nbk") == (
        "{almaty}:rates:subject:urn:newswire:rate:nbk"
    )
    assert keys.checkpoint("enrichment.rates") == "{almaty}:checkpoint:enrichment.rates"
    assert Keys().stream("articles") == "{newswire}:articles"


def test_subjects_and_sources_are_urns() -> None:
    assert article_subject("0b8e") == "urn:newswire:article:0b8e"
    assert source_urn("silk-road-bulletin") == "urn:newswire:source:silk-road-bulletin"
    series = series_name("nbk", "official", "USD", "KZT")
    assert series == "nbk:official:USD-KZT"
    assert rate_subject(series, "2026-03-02") == (
        "urn:newswire:rate:nbk:official:USD-KZT:2026-03-02"
    )
