"""What is wrong with the parameters of a request, for programs and for people."""

from __future__ import annotations

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from services.api import problems
from shared.web import Problem


def told(request: Request, error: Exception) -> Problem:
    """Each fault, with the nearest name where one is not known."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    return problems.invalid_parameters(faults, _known_parameters(request))


def _known_parameters(request: Request) -> list[str]:
    """Query parameters of the route, from the document that describes them.

    Of a page that is no part of it, those of what it shows: ``/differences``, ``/v1/differences``.
    """
    path = getattr(request.scope.get("route"), "path", "")
    described = request.app.openapi()["paths"]
    operation = described.get(path, described.get(f"/v1{path}", {})).get("get", {})
    return [
        parameter["name"]
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    ]
