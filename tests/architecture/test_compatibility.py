"""Within a type only additions: what counts as one, and that today's schemas make no others."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.architecture.compatibility import breaks
from tests.architecture.schemas import COMMAND, RELEASED, schemas

Schema = dict[str, Any]
FILES: Final = sorted(RELEASED.glob("*.json"))

RATE: Final[Schema] = {
    "type": "object",
    "required": ["value", "kind"],
    "properties": {
        "value": {"type": "string", "pattern": "^[0-9]+$", "maxLength": 40},
        "kind": {"type": "string", "enum": ["buy", "sell"]},
        "only": {"type": "string", "const": "exact"},
        "nominal": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1},
        "seen": {"type": "string", "format": "date-time"},
        "credit": {"anyOf": [{"type": "string", "minLength": 1}, {"type": "null"}]},
        "names": {"type": "array", "maxItems": 10, "items": {"$ref": "#/$defs/Name"}},
        "said": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "$defs": {"Name": {"type": "object", "properties": {"text": {"type": "string"}}}},
}


def changed(change: Callable[[Schema], object]) -> list[str]:
    """What the comparison says about a change of the schema above."""
    todays = copy.deepcopy(RATE)
    change(todays)
    return breaks(RATE, todays)


def fields(schema: Schema) -> Schema:
    """The fields of a schema."""
    found: Schema = schema["properties"]
    return found


def test_the_same_schema_breaks_nothing() -> None:
    assert changed(lambda _: None) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda s: fields(s).update(x={"type": "string"}), id="a field"),
        pytest.param(
            lambda s: s["$defs"]["Name"]["properties"].update(x={"type": "string"}),
            id="a field of an object inside",
        ),
        pytest.param(lambda s: fields(s)["kind"]["enum"].append("ticker"), id="a word of a list"),
        pytest.param(lambda s: fields(s)["only"].update(const="exact"), id="the same constant"),
        pytest.param(lambda s: fields(s)["value"].update(maxLength=50), id="a longer text"),
        pytest.param(lambda s: fields(s)["value"].pop("maxLength"), id="no limit"),
        pytest.param(lambda s: fields(s)["value"].pop("pattern"), id="no pattern"),
        pytest.param(lambda s: fields(s)["nominal"].update(minimum=0), id="a smaller number"),
        pytest.param(lambda s: fields(s)["names"].update(maxItems=20), id="more items"),
        pytest.param(lambda s: s.update(description="x"), id="a description"),
    ],
)
def test_an_addition_breaks_nothing(change: Callable[[Schema], object]) -> None:
    assert changed(change) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: fields(s).pop("value"), "data.value: the field is gone"),
        (lambda s: s["required"].append("nominal"), "data.nominal: the field has become required"),
        (lambda s: s["required"].remove("kind"), "data.kind: the field may be missing now"),
        (
            lambda s: (fields(s).update(x={}), s["required"].append("x")),
            "data.x: a new field is required",
        ),
        (lambda s: fields(s)["kind"]["enum"].remove("buy"),
         "data.kind: 'buy' is not one of the values any more"),
        (lambda s: fields(s)["only"].update(const="near"),
         "data.only: 'exact' is not one of the values any more"),
        (lambda s: fields(s)["value"].update(enum=["1"]),
         "data.value: only ['1'] is left of any value"),
        (lambda s: fields(s)["value"].update(maxLength=39),
         "data.value: maxLength is 39, was 40"),
        (lambda s: fields(s)["value"].update(minLength=1),
         "data.value: minLength is 1, was None"),
        (lambda s: fields(s)["nominal"].update(minimum=2), "data.nominal: minimum is 2, was 1"),
        (lambda s: fields(s)["nominal"].update(type="string"),
         "data.nominal: type is string, was integer"),
        (lambda s: fields(s)["nominal"].update(default=2), "data.nominal: the default is 2, was 1"),
        (lambda s: fields(s)["value"].update(pattern="^[0-9]{1,3}$"),
         "data.value: pattern is ^[0-9]{1,3}$, was ^[0-9]+$"),
        (lambda s: fields(s)["seen"].update(format="date"),
         "data.seen: format is date, was date-time"),
        (lambda s: fields(s)["credit"]["anyOf"].pop(),
         "data.credit: null is not an alternative any more"),
        (lambda s: fields(s)["credit"]["anyOf"].append({"type": "integer"}),
         "data.credit: integer is a new alternative"),
        (lambda s: fields(s)["credit"]["anyOf"][0].update(minLength=2),
         "data.credit: minLength is 2, was 1"),
        (lambda s: fields(s)["names"].update(maxItems=9), "data.names: maxItems is 9, was 10"),
        (lambda s: s["$defs"]["Name"]["properties"].pop("text"),
         "data.names[].text: the field is gone"),
        (lambda s: fields(s)["said"].update(additionalProperties={"type": "integer"}),
         "data.said.*: type is integer, was string"),
        (lambda s: s.update(additionalProperties=False),
         "data: additionalProperties is False, was None"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)  # fmt: skip
def test_anything_else_breaks_those_who_rely_on_it(
    change: Callable[[Schema], object], said: str
) -> None:
    assert changed(change) == [said]


def test_a_text_that_may_be_null_is_another_type() -> None:
    """Who counts on a text would find nothing."""
    found = changed(
        lambda s: fields(s).update(seen={"anyOf": [fields(s)["seen"], {"type": "null"}]})
    )

    assert "data.seen: type is None, was string" in found


def test_a_definition_may_take_another_name() -> None:
    def renamed(schema: Schema) -> None:
        schema["$defs"] = {"Called": schema["$defs"]["Name"]}
        fields(schema)["names"]["items"] = {"$ref": "#/$defs/Called"}

    assert changed(renamed) == []


def test_a_schema_that_holds_itself_is_compared_once() -> None:
    tree: Schema = {
        "$ref": "#/$defs/Tree",
        "$defs": {"Tree": {"type": "object", "properties": {"in": {"$ref": "#/$defs/Tree"}}}},
    }

    assert breaks(tree, copy.deepcopy(tree)) == []


def test_a_keyword_that_is_not_compared_is_refused() -> None:
    """Else a type could be narrowed with one that nobody looks at."""
    with pytest.raises(ValueError, match=r"data.value: the comparison does not know \['not'\]"):
        changed(lambda s: fields(s)["value"].update({"not": {"const": "1"}}))


# --- the released schemas -----------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_todays_schema_only_adds_to_what_was_released(file: Path) -> None:
    name, _, _ = file.stem.rpartition(".")
    found = schemas()

    assert name in found, f"{name} was released and is gone; a retired type stays readable"
    assert breaks(json.loads(file.read_text("utf-8")), found[name]) == []


def test_every_schema_has_a_released_one() -> None:
    released = {file.stem.rpartition(".")[0] for file in FILES}

    assert schemas().keys() <= released, f"a type is new. Run: {COMMAND}"
