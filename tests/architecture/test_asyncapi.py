"""The AsyncAPI document is valid, complete, what the types say, and readable without a network."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from jsonschema import Draft7Validator

from shared.events import TYPES_BY_STREAM, StreamName
from tests.architecture.asyncapi import COMMAND, DOCUMENT, PAGE, document
from tests.architecture.asyncapi_page import page, paragraphs
from tests.architecture.formats import CHECKED
from tests.architecture.schemas import ROOT, text

SPECIFICATION: Final = ROOT / "tests" / "data" / "asyncapi" / "3.0.0.json"
GOLDEN: Final = sorted((ROOT / "tests" / "golden" / "events").glob("*/*.json"))
COMMITTED: Final[dict[str, Any]] = json.loads(DOCUMENT.read_text("utf-8"))


def resolved(pointer: str) -> Any:
    """What a reference points to; KeyError: nothing."""
    found: Any = COMMITTED
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part]
    return found


def references(value: object) -> list[str]:
    """Every ``$ref`` of a document."""
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for inside in value.values() for found in references(inside)]
    return [ref for one in value for ref in references(one)] if isinstance(value, list) else []


# --- the document ---------------------------------------------------------------------------------


def test_the_document_is_what_the_types_say() -> None:
    assert DOCUMENT.read_text("utf-8") == text(document()), f"it is old. Run: {COMMAND}"


def test_the_document_is_valid_by_the_specification() -> None:
    specification = json.loads(SPECIFICATION.read_text("utf-8"))

    assert [fault.message for fault in Draft7Validator(specification).iter_errors(COMMITTED)] == []


def test_a_document_that_is_wrong_is_not_valid() -> None:
    """The specification that is held against ours does find faults."""
    specification = json.loads(SPECIFICATION.read_text("utf-8"))
    wrong = COMMITTED | {"operations": {"read-wire": {"action": "listen"}}}

    assert list(Draft7Validator(specification).iter_errors(wrong))


def test_the_document_needs_no_other() -> None:
    assert all(ref.startswith("#/") for ref in references(COMMITTED))
    for ref in references(COMMITTED):
        resolved(ref)


def test_every_schema_is_one_that_asyncapi_reads() -> None:
    """AsyncAPI's own dialect is draft 07 and more; ours has nothing that came later."""
    for schema in COMMITTED["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)
        assert not re.search(r'"(\$id|\$schema|\$defs|prefixItems)"', json.dumps(schema))


@pytest.mark.parametrize("stream", sorted(TYPES_BY_STREAM))
def test_every_type_of_a_stream_is_a_message_of_its_channel(stream: StreamName) -> None:
    channel = COMMITTED["channels"][stream]
    operation = COMMITTED["operations"][f"read-{stream}"]

    assert channel["address"] == f"{{newswire}}:{stream}"
    assert channel["parameters"]["newswire"]["default"] == "{newswire}"
    assert list(channel["messages"]) == list(TYPES_BY_STREAM[stream])
    assert operation["action"] == "receive"
    assert [resolved(one["$ref"])["$ref"] for one in operation["messages"]] == [
        f"#/components/messages/{stream}.{name}" for name in TYPES_BY_STREAM[stream]
    ]


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_golden_event_is_a_message_as_the_document_describes_it(file: Any) -> None:
    golden = json.loads(file.read_text("utf-8"))
    headers = {name: value for name, value in golden["fields"].items() if name != "data"}
    message = resolved(f"#/channels/{golden['stream']}/messages/{headers['type']}")
    found = resolved(message["$ref"])

    for value, schema in (
        (headers, found["headers"]),
        (golden["fields"]["data"], found["payload"]),
    ):
        alone = {"allOf": [schema], "components": COMMITTED["components"]}
        assert list(Draft7Validator(alone, format_checker=CHECKED).iter_errors(value)) == []


def test_a_message_of_another_type_is_refused_by_its_headers() -> None:
    found = COMMITTED["components"]["messages"]["wire.newswire.rate.quoted"]
    alone = {"allOf": [found["headers"]], "components": COMMITTED["components"]}
    file = ROOT / "tests" / "golden" / "events" / "wire" / "newswire.article.canceled.json"
    headers = json.loads(file.read_text("utf-8"))["fields"]

    assert sorted(
        fault.json_path for fault in Draft7Validator(alone).iter_errors(headers)
    ) == ["$.dataschema", "$.type"]  # fmt: skip


def test_a_message_says_its_headers_and_its_lineage() -> None:
    message = COMMITTED["components"]["messages"]["wire.newswire.article.canceled"]
    lineage = resolved(message["correlationId"]["$ref"])
    headers = COMMITTED["components"]["schemas"]["envelope"]

    assert lineage["location"] == "$message.header#/correlationid"
    assert {"seq", "version", "correlationid", "recordedtime"} <= set(headers["required"])
    assert "data" not in headers["properties"]
    assert message["contentType"] == "application/json"


# --- the page -------------------------------------------------------------------------------------


class Looked(HTMLParser):
    """What a page holds that matters here."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.others: list[str] = []
        """Elements and attributes by which a page runs or fetches something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if "id" in named:
            self.ids.append(named["id"] or "")
        if tag == "a":
            self.links.append(named["href"] or "")
        runs = [name for name in named if name.startswith("on") or name in ("src", "srcset")]
        if tag in ("script", "link", "img", "iframe", "object", "embed") or runs:
            self.others.append(tag)


@pytest.fixture(scope="module")
def looked() -> Looked:
    """The committed page, parsed."""
    found = Looked()
    found.feed(PAGE.read_text("utf-8"))
    return found


def test_the_page_is_what_the_document_says() -> None:
    assert PAGE.read_text("utf-8") == page(COMMITTED), f"it is old. Run: {COMMAND}"


def test_the_page_runs_nothing_and_fetches_nothing(looked: Looked) -> None:
    html = PAGE.read_text("utf-8")

    assert looked.others == []
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_every_link_of_the_page_leads_somewhere(looked: Looked) -> None:
    files = [link for link in looked.links if not link.startswith("#")]

    assert {link[1:] for link in looked.links if link.startswith("#")} <= set(looked.ids)
    assert len(looked.ids) == len(set(looked.ids))
    assert [file for file in files if not (PAGE.parent / file).exists()] == []


def test_the_page_has_every_type_and_every_object(looked: Looked) -> None:
    for stream, types in TYPES_BY_STREAM.items():
        assert {f"{stream}.{name}" for name in types} <= set(looked.ids)
    assert {"object-Article", "object-Rate", "object-Tag", "entry"} <= set(looked.ids)


def test_what_a_docstring_says_is_text_on_the_page() -> None:
    assert paragraphs("a <b> & `c<d>`\n\n- one\n- two") == (
        "<p>a &lt;b&gt; &amp; <code>c&lt;d&gt;</code></p>\n<ul><li>one</li><li>two</li></ul>"
    )
