"""The OpenAPI document: FastAPI's, with what it does not know filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.api.reference import links, samples
from services.api.reference.meanings import explain
from services.api.schemas import ProblemBody
from shared import web

_IN_PATHS: Final = {
    "article_id": "Id of the article, as lists give it.",
    "source_id": "Id of the source, as lists and articles give it.",
    "story_id": "Id of the story, as lists and articles give it.",
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application's routes.

    Problems have their own media type, fields the meaning that their docstring says, and answers
    the samples that were taken of the seed.
    """
    made = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    for path, operations in made["paths"].items():
        _complete(path, operations["get"])
    explain(made["components"]["schemas"])
    return made


def _complete(path: str, operation: dict[str, Any]) -> None:
    said, _, _ = operation["description"].partition("\n\n")
    operation["summary"] = " ".join(said.split()).removesuffix(".")
    for parameter in operation.get("parameters", ()):
        if said := _IN_PATHS.get(parameter["name"]):
            parameter.setdefault("description", said)
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if int(status) >= 400 and _is_problem(content):
            content[web.MEDIA_TYPE] = content.pop("application/json")
    samples.add(path, operation)
    links.add(operation)


def _is_problem(content: Mapping[str, Any]) -> bool:
    """Whether an answer is a problem: what was killed is told in the words of agencies too."""
    schema = content.get("application/json", {}).get("schema", {})
    return str(schema.get("$ref")).endswith(f"/{ProblemBody.__name__}")
