"""The event catalogue is the types' own."""

from __future__ import annotations

from pathlib import Path

from shared.events import TYPES_BY_STREAM
from tests.architecture.catalogue import COMMAND, catalogue

EVENTS = Path(__file__).parents[2] / "docs" / "events.md"


def test_the_catalogue_is_what_the_types_say() -> None:
    assert EVENTS.read_text("utf-8") == catalogue(), f"docs/events.md is old. Run: {COMMAND}"


def test_every_type_has_a_heading_of_its_own() -> None:
    lines = catalogue().splitlines()

    for types in TYPES_BY_STREAM.values():
        for name in types:
            assert f"### `{name}`" in lines


def test_a_field_says_its_type_whether_it_is_required_and_what_it_means() -> None:
    lines = catalogue().splitlines()

    assert (
        "| `urgency` | integer or null 1–9 | no: `null` | 1 is the most urgent. Source: IPTC "
        "`urgency`. |"
    ) in lines
    assert "| `start` | integer | yes |  |" in lines
