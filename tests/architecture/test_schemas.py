"""The schemas say what the types say, and every golden event is valid by them."""

from __future__ import annotations

import json
from typing import Any, Final, get_args

import pytest
from jsonschema import Draft202012Validator

from shared.events import TYPES_BY_STREAM, ArticlePublished
from shared.news import Article, RateKind
from tests.architecture.formats import CHECKED
from tests.architecture.schemas import (
    COMMAND,
    ENVELOPE,
    FOLDER,
    ROOT,
    classes_by_type,
    envelope_schema,
    schemas,
    text,
    type_schema,
)

Golden = dict[str, Any]
GOLDEN: Final = ROOT / "tests" / "golden" / "events"
FILES: Final = sorted(GOLDEN.glob("*/*.json"))
NAMES: Final = sorted(classes_by_type())


@pytest.fixture(params=FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def golden(request: pytest.FixtureRequest) -> Golden:
    """The content of one golden file."""
    content: Golden = json.loads(request.param.read_text("utf-8"))
    return content


def faults(schema: dict[str, Any], value: object) -> list[str]:
    """Where a value is not valid, formats included."""
    found = Draft202012Validator(schema, format_checker=CHECKED).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def on_stream(name: str, stream: str) -> dict[str, Any]:
    """The schema of a type as it is on one stream."""
    schema = type_schema(name)
    if "anyOf" not in schema:
        return schema
    event_class = classes_by_type()[name][stream]
    return {"$ref": f"#/$defs/{event_class.__name__}", "$defs": schema["$defs"]}


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, ENVELOPE])
def test_a_schema_is_what_the_types_say(name: str) -> None:
    committed = (FOLDER / f"{name}.json").read_text("utf-8")

    assert committed == text(schemas()[name]), f"docs/schemas is old. Run: {COMMAND}"


def test_there_is_no_schema_of_a_type_that_there_is_not() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == {*NAMES, ENVELOPE}


@pytest.mark.parametrize("name", [*NAMES, ENVELOPE])
def test_a_schema_is_valid_by_its_dialect_and_named_as_its_events_name_it(name: str) -> None:
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:newswire:schema:{name}:1"
    assert schema["description"]


# --- golden events ------------------------------------------------------------------------------


def test_a_golden_event_is_valid_by_the_schema_that_it_names(golden: Golden) -> None:
    fields = golden["fields"]
    (named,) = [one for one in schemas().values() if one["$id"] == fields["dataschema"]]

    assert faults(named, fields["data"]) == []
    assert faults(on_stream(fields["type"], golden["stream"]), fields["data"]) == []


def test_the_fields_of_a_golden_event_are_valid(golden: Golden) -> None:
    fields = golden["fields"] | {"data": json.dumps(golden["fields"]["data"])}

    assert faults(envelope_schema(), fields) == []


# --- what a schema says ---------------------------------------------------------------------------


def published() -> Golden:
    """The data of the golden ``newswire.article.published``."""
    file = GOLDEN / "wire" / "newswire.article.published.json"
    data: Golden = json.loads(file.read_text("utf-8"))["fields"]["data"]
    return data


@pytest.mark.parametrize(
    "name", sorted(k for k, field in ArticlePublished.model_fields.items() if field.is_required())
)
def test_an_event_without_a_required_field_is_not_valid(name: str) -> None:
    data = published()
    del data[name]

    assert faults(type_schema("newswire.article.published"), data) == [
        f"$: '{name}' is a required property"
    ]


@pytest.mark.parametrize("stream", sorted(TYPES_BY_STREAM))
def test_every_field_without_a_default_is_required_and_no_other(stream: str) -> None:
    for name, event_class in TYPES_BY_STREAM[stream].items():  # type: ignore[index]
        needed = {key for key, field in event_class.model_fields.items() if field.is_required()}
        schema = on_stream(name, stream)
        body = schema["$defs"][event_class.__name__] if "$ref" in schema else schema

        assert set(body.get("required", ())) == needed


def test_every_field_of_an_entry_is_required_but_two() -> None:
    assert set(envelope_schema()["properties"]) - set(envelope_schema()["required"]) == {
        "causationid",
        "traceparent",
    }


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"observed_at": "2026-03-02 05:00"}, "$.article.observed_at"),
        ({"observed_at": "2026-13-02T05:00:00Z"}, "$.article.observed_at"),
        ({"published_on": "2026-02-30"}, "$.article.published_on"),
        ({"article_id": "a b"}, "$.article.article_id"),
        ({"headline": ""}, "$.article.headline"),
        ({"urgency": 10}, "$.article.urgency"),
        ({"pubstatus": "killed"}, "$.article.pubstatus"),
        ({"body": [""]}, "$.article.body[0]"),
        ({"media": [{}]}, "$.article.media[0]"),
    ],
    ids=lambda case: json.dumps(case) if isinstance(case, dict) else "",
)
def test_a_value_that_the_types_refuse_is_not_valid(change: Golden, place: str) -> None:
    data = published()
    data["article"] |= change

    (fault,) = faults(type_schema("newswire.article.published"), data)
    assert fault.startswith(f"{place}: ")


def test_a_field_that_is_not_known_is_valid() -> None:
    """Within a type fields are added: who validates with an old schema must let them through."""
    data = published()
    data |= {"x": 1}
    data["article"] |= {"x": {"y": []}}

    assert faults(type_schema("newswire.article.published"), data) == []


def test_a_schema_says_meanings_lists_limits_and_defaults() -> None:
    article = type_schema("newswire.article.published")["$defs"]["Article"]["properties"]
    rate = type_schema("newswire.rate.quoted")["$defs"]["Rate"]["properties"]

    assert article["urgency"] == {
        "description": "1 is the most urgent. Source: IPTC `urgency`.",
        "anyOf": [{"type": "integer", "maximum": 9, "minimum": 1}, {"type": "null"}],
        "default": None,
    }
    assert article["source"]["description"] == (
        "A source's id as the operator wrote it: `times-of-central-asia`."
    )
    assert article["body"]["maxItems"] == 10_000
    assert article["observed_at"] == {
        "description": "When we saw it.", "type": "string", "format": "date-time",
    }  # fmt: skip
    assert rate["kind"]["enum"] == list(get_args(RateKind))
    assert article.keys() == Article.model_fields.keys()


def test_a_type_of_two_streams_says_which_stream_has_which_data() -> None:
    released = type_schema("newswire.article.released")

    assert released["anyOf"] == [
        {"description": "On the stream `articles`.", "$ref": "#/$defs/ArticleReleased"},
        {"description": "On the stream `wire`.", "$ref": "#/$defs/ArticleReinstated"},
    ]


def test_the_file_of_a_type_needs_no_other_file() -> None:
    for schema in schemas().values():
        here = {f"#/$defs/{name}" for name in schema.get("$defs", ())}

        assert here == set(_refs(schema))


def _refs(schema: object) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
        return own + [ref for value in schema.values() for ref in _refs(value)]
    return [ref for value in schema for ref in _refs(value)] if isinstance(schema, list) else []
