"""What was wrong with a value, as a person reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from shared.faults import Fault, came, faults, sentence, visible
from shared.news import Instant


class _Media(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: str


class _Note(BaseModel):
    model_config = ConfigDict(extra="forbid")
    headline: Annotated[str, StringConstraints(max_length=5)] = "x"
    body: tuple[str, ...] = ()
    media: tuple[_Media, ...] = ()
    evidence: dict[str, int] = Field(default_factory=dict)
    seen_at: Instant | None = None

    @model_validator(mode="after")
    def _is_no_spam(self) -> _Note:
        if self.headline == "spam":
            raise ValueError("expected no spam")
        return self


def error_of(data: object) -> ValidationError:
    """What pydantic says of a value that is no note."""
    with pytest.raises(ValidationError) as raised:
        _Note.model_validate(data, strict=False)
    return raised.value


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            {"body": ["a", "b", 3]},
            Fault("body[2]", "Input should be a valid string, came 3"),
            id="an item",
        ),
        pytest.param({"media": [{}]}, Fault("media[0].url", "Field required"), id="missing"),
        pytest.param({"headline": "spam"}, Fault("", "expected no spam"), id="a rule of our own"),
        pytest.param(
            {"tone": 1}, Fault("tone", "Extra inputs are not permitted"), id="an unknown field"
        ),
        pytest.param(
            {"evidence": {"a b\x1b": "x"}},
            Fault(
                "evidence[“a b\\x1b”]",
                "Input should be a valid integer, unable to parse string as an integer, came “x”",
            ),
            id="a name that is no word",
        ),
        pytest.param(
            {"body": {}},
            Fault("body", "Input should be a valid tuple, came an object"),
            id="object",
        ),
    ],
)
def test_a_fault_is_a_path_and_a_message(data: object, expected: Fault) -> None:
    assert faults(error_of(data)) == [expected]


def test_a_path_begins_where_the_value_stands() -> None:
    assert [one.path for one in faults(error_of({"body": [1]}), at="data")] == ["data.body[0]"]
    assert sentence(error_of(7), at="data").startswith("data: Input should be ")


def test_a_sentence_names_three_faults_and_counts_the_rest() -> None:
    assert sentence(error_of({"body": [1, 2, 3, 4, 5]})) == (
        "body[0]: Input should be a valid string, came 1; "
        "body[1]: Input should be a valid string, came 2; "
        "body[2]: Input should be a valid string, came 3; and 2 more"
    )
    assert sentence(error_of({"body": [1]})) == "body[0]: Input should be a valid string, came 1"


def test_of_very_many_faults_the_first_twenty_are_told() -> None:
    error = error_of({"body": list(range(100_000))})

    assert len(faults(error)) == 20
    assert sentence(error).endswith("; and 99997 more")


@pytest.mark.parametrize(
    "data",
    [
        {"body": [7]},
        {"headline": "x" * 100_000},
        {"headline": "\x1b[2J\u202e" * 99},
        {"x" * 100_000: 1},
        {"evidence": {"x\n" * 1000: "y" * 1000}},
        {"seen_at": "0001-01-01T00:00:00+14:00"},
        {"seen_at": "9" * 1000},
        {"body": [2**100_000, b"\xff" * 1000, "x" * 1000]},
    ],
    ids=range(8),
)
def test_a_message_is_short_and_has_no_address_and_nothing_unseen(data: object) -> None:
    error = error_of(data)

    for said in (sentence(error), *(f"{one.path}{one.message}" for one in faults(error))):
        assert "http" not in said
        assert "pydantic" not in said
        assert said.isprintable()
        assert len(said) < 1_000
    assert "x" * 61 not in sentence(error)
    assert "9" * 61 not in sentence(error)


def test_a_rule_of_our_own_that_repeats_a_long_value_repeats_its_beginning_only() -> None:
    class _Loud(BaseModel):
        name: str

        @model_validator(mode="before")
        @classmethod
        def _repeat(cls, data: str) -> dict[str, str]:
            raise ValueError(f"expected a short name, came {data}")

    with pytest.raises(ValidationError) as raised:
        _Loud.model_validate("n" * 500)

    assert sentence(raised.value) == f"expected a short name, came {'n' * 59}…"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (0.5, "0.5"),
        (2**200_000, "a number of many digits"),
        (float("inf"), "inf"),
        ("a", "“a”"),
        ("a" * 60, f"“{'a' * 60}”"),
        ("a" * 61, f"“{'a' * 59}…”"),
        ("\ud800", "“\\ud800”"),
        ({}, "an object"),
        ([[]], "a list"),
        (b"a", "a value of type bytes"),
        (datetime(2026, 3, 2, 6, tzinfo=UTC), "2026-03-02 06:00:00+00:00"),
    ],
    ids=range(14),
)
def test_what_came_is_named_shortly(value: object, expected: str) -> None:
    assert came(value) == expected


def test_a_list_in_a_list_in_a_list_is_a_list() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]

    assert came(deep) == "a list"
    assert sentence(error_of({"body": [deep]})).endswith(", came a list")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\r\nb\tc\x00\x7f\x9b", "a\\r\\nb\\tc\\x00\\x7f\\x9b"),
        (
            "\u202eevil\u202c \u2066x\u2069 \u200f\u061c",
            "\\u202eevil\\u202c \\u2066x\\u2069 \\u200f\\u061c",
        ),
        ("a\u2028b\u2029", "a\\u2028b\\u2029"),
        ("\udcff", "\\udcff"),
        ("Снег в Оше – “да” é 😀 می‌خواهم", "Снег в Оше – “да” é 😀 می‌خواهم"),
    ],
)
def test_what_would_steer_a_terminal_is_written_out(text: str, expected: str) -> None:
    assert visible(text) == expected
