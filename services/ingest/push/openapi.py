"""The OpenAPI document of the push door: what is sent, and everything that may be answered."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from services.ingest.push.bodies import ITEMS_MAX
from services.ingest.push.receipts import Alive, DecisionReceipt, ProblemSaid, Receipt
from services.ingest.push.schemas import (
    DECISION_EXAMPLE,
    AcceptRate,
    DecideArticle,
    DecideLetters,
    DecideSource,
    PushedArticle,
    PushedRate,
    RevokeRelation,
    SplitStory,
)
from shared import web

DESCRIPTION: Final = (
    "Partners push articles and rates, operators push decisions. A 202 says that what it names is "
    "on the log and fsynced. Everything may be sent again: nothing is taken twice. Every error is "
    "a problem document (RFC 9457) with a stable `type`. Bytes that are no HTTP get a 400 in plain "
    "text."
)

Said = dict[str, Any]

_DECISIONS: Final = (
    DecideArticle,
    DecideSource,
    RevokeRelation,
    SplitStory,
    AcceptRate,
    DecideLetters,
)
_RECEIPT_EXAMPLE: Final[Said] = {
    "items": [
        {
            "index": 0,
            "outcome": "appended",
            "article_id": "5f9f6e0e-2d5c-5f0a-9c6b-3a8a0f6f2f11",
            "seq": 812,
            "version": 1,
        },
        {
            "index": 1,
            "outcome": "rejected",
            "reason": "invalid",
            "detail": "headline: Field required",
            "faults": [{"path": "headline", "message": "Field required"}],
        },
    ],
    "counts": {"appended": 1, "unchanged": 0, "stale": 0, "rejected": 1},
}

_MEANING: Final[dict[int, str]] = {
    401: "No key or signature, or one that is unknown or revoked.",
    403: "The key may not do that, or is for none of the sources.",
    404: "The log knows no such article.",
    409: "The decision changes nothing, or comes before what stands.",
    413: "Nothing was taken: the body, or its first item, is too large.",
    414: "The query is too long.",
    415: "The body is in no form that is read here.",
    422: "Nothing was taken: every item was rejected, or there was none.",
    429: "The quota is used up; nothing of the body was read.",
    431: "The header fields are too large.",
    500: "Our fault. Sending it again is harmless.",
    503: "The log does not take anything now. Sending all of it again is harmless.",
}
_QUOTAS: Final = ("RateLimit-Policy", "RateLimit")
_PUSHED: Final = (401, 403, 413, 414, 415, 422, 429, 431, 500, 503)
_DECIDED: Final = (401, 403, 404, 409, 413, 414, 415, 422, 429, 431, 500, 503)
_SIGNED_BY: Final[dict[str, str]] = {
    "webhook-id": "The same for every attempt to send this; without a full stop.",
    "webhook-timestamp": "Seconds since 1970 of this attempt, at most 300 from ours.",
    "webhook-signature": "`v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`; several "
    "are separated by spaces.",
}


def bringing(model: str) -> Said:
    """What a route for articles or rates has beyond its code: its body, and all that it answers."""
    said = {"model": Receipt, "description": "At least one item stands on the log, fsynced."}
    return _route(_batch_body(model), said, _PUSHED)


def signing(model: str) -> Said:
    """The same of a route whose requests are signed."""
    body = _batch_body(model)
    body["content"] = {"application/json": body["content"]["application/json"]}
    said = {"model": Receipt, "description": "At least one item stands on the log, fsynced."}
    route = _route(body, said, _PUSHED)
    text = {"type": "string"}
    headers = [
        {"name": name, "in": "header", "required": True, "schema": text, "description": meaning}
        for name, meaning in _SIGNED_BY.items()
    ]
    route["openapi_extra"] = {"requestBody": body, "parameters": headers}
    return route


def deciding() -> Said:
    """The same of the route for decisions."""
    said = {"model": DecisionReceipt, "description": "The decision stands on the log, fsynced."}
    return _route(_decision_body(), said, _DECIDED)


def _route(body: Said, stands: Said, refused: tuple[int, ...]) -> Said:
    return {
        "status_code": 202,
        "openapi_extra": {"security": [{"key": []}], "requestBody": body},
        "responses": {202: {**stands, **_headers(202)}, **declared(*refused)},
    }


def declared(*statuses: int) -> dict[int | str, Said]:
    """Problems as the responses of a route."""
    return {
        status: {"model": ProblemSaid, "description": _MEANING[status], **_headers(status)}
        for status in statuses
    }


def _headers(status: int) -> Said:
    names = {
        401: "WWW-Authenticate", 415: "Accept-Post", 429: "Retry-After", 503: "Retry-After"
    }  # fmt: skip
    said = {name: _field(is_always=False) for name in _QUOTAS}
    if status in names:
        said[names[status]] = _field(is_always=True)
    return {"headers": said}


def _field(*, is_always: bool) -> Said:
    return {"required": is_always, "schema": {"type": "string"}}


def _batch_body(model: str) -> Said:
    one = {"$ref": f"#/components/schemas/{model}"}
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": ITEMS_MAX}
    lines = {"type": "string", "description": f"One {model} a line, taken as it arrives."}
    return {
        "required": True,
        "content": {
            "application/json": {"schema": {"anyOf": [one, many]}},
            "application/x-ndjson": {"schema": lines},
            "application/jsonl": {"schema": lines},
            "application/ndjson": {"schema": lines},
        },
    }


def _decision_body() -> Said:
    refs = [{"$ref": f"#/components/schemas/{one.__name__}"} for one in _DECISIONS]
    content = {"schema": {"oneOf": refs}, "example": DECISION_EXAMPLE}
    return {"required": True, "content": {"application/json": content}}


def document(app: FastAPI) -> Said:
    """The OpenAPI document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = made["components"]["schemas"]
        schemas.update(_sent())
        schemas["Receipt"]["examples"] = [_RECEIPT_EXAMPLE]
        made["components"]["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer", "description": "nw_<id>_<secret>"}
        }
        for path in made["paths"].values():
            for operation in path.values():
                _rename_problems(operation)
        app.openapi_schema = made
    return app.openapi_schema


def _sent() -> Said:
    models = (PushedArticle, PushedRate, *_DECISIONS, Alive)
    _, made = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    found: Said = made["$defs"]
    return found


def _rename_problems(operation: Said) -> None:
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            content = response["content"]
            content[web.MEDIA_TYPE] = content.pop("application/json")
