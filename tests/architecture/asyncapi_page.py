"""An AsyncAPI document as one HTML page: no script, no other file, nothing from a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.api.reference.kinds import fields, inline, paragraphs, refs

_TEMPLATE: Final = Path(__file__).parent / "asyncapi_page.html.jinja"


class Stream(NamedTuple):
    """A channel with its messages."""

    name: str
    channel: dict[str, Any]
    messages: list[dict[str, Any]]


def page(document: dict[str, Any]) -> str:
    """The page of a document; everything that it shows is in the document."""
    loader = FileSystemLoader(_TEMPLATE.parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["text"] = inline
    environment.filters["paragraphs"] = paragraphs
    components = document["components"]
    payloads = {one["payload"]["$ref"] for one in components["messages"].values()}
    shown = {name.rpartition("/")[2] for name in payloads}
    inner = [name for name in components["schemas"] if name not in shown and name != "envelope"]
    return environment.get_template(_TEMPLATE.name).render(
        document=document,
        streams=[_stream(document, name) for name in document["channels"]],
        envelope=components["schemas"]["envelope"],
        objects={name: components["schemas"][name] for name in inner},
        schemas=components["schemas"],
        fields=fields,
        of=lambda ref: next(refs({"$ref": ref["$ref"]})),
    )


def _stream(document: dict[str, Any], name: str) -> Stream:
    channel = document["channels"][name]
    messages = document["components"]["messages"]
    return Stream(
        name, channel, [messages[_last(one["$ref"])] for one in channel["messages"].values()]
    )


def _last(ref: str) -> str:
    return ref.rpartition("/")[2]
