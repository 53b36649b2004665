"""Answers to requests over the seed, kept as files: the examples of the OpenAPI document.

``python -m tests.architecture.samples`` asks for them anew; a test compares.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import orjson

from shared import web

_FOLDER: Final = files("services.api.reference") / "samples"
PROBLEMS: Final = "problems"
"""The file of problems by their status."""


class Sample(NamedTuple):
    """A request and what it was answered."""

    request: str
    """Path and query."""
    media_type: str
    body: Any
    """JSON, decoded; of another media type its text."""


def file_name(path: str) -> str:
    """The file of an operation's sample: ``v1.articles.article_id.json`` for its path."""
    name = path.strip("/").replace("/", ".").replace("{", "").replace("}", "")
    return f"{name}.json"


@cache
def of(path: str) -> Sample | None:
    """The sample of an operation; None: it has none."""
    file = _FOLDER / file_name(path)
    return Sample(**orjson.loads(file.read_bytes())) if file.is_file() else None


@cache
def _problems() -> dict[str, Any]:
    file = _FOLDER / f"{PROBLEMS}.json"
    found: dict[str, Any] = orjson.loads(file.read_bytes()) if file.is_file() else {}
    return found


def add(path: str, operation: dict[str, Any]) -> None:
    """Put the samples of an operation, and of its problems, into its responses."""
    sample = of(path)
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if sample and status == "200" and sample.media_type in content:
            content[sample.media_type]["example"] = sample.body
        if status in _problems() and web.MEDIA_TYPE in content:
            content[web.MEDIA_TYPE]["example"] = _problems()[status]
