"""How every route about rates answers: one snapshot, an instant, the form that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Request
from starlette.responses import Response

from services.api import answers
from services.api.declared import INVALID, TRUNCATED, UNAVAILABLE, UNCHANGED, Responses, responses
from services.api.rates import asking, pairs, refusals, writing
from services.api.rates.asking import Room, dated_of, etag_of, reader_of
from services.api.rates.items import Item
from services.api.rates.parameters import Formatted, PairText
from services.api.rates.queries import Series
from services.api.rates.writing import Written
from shared import web
from shared.web import Problem

Pair = Annotated[PairText, Path(description="ISO 4217 codes of base and quote: `USD-KGS`.")]


def declared(body: type[Any], said: str, **others: str) -> Responses:
    """The responses of a route that answers in three forms."""
    found = responses(
        body, said, _304=UNCHANGED, _410=TRUNCATED, _422=INVALID, _503=UNAVAILABLE, **others
    )
    text = {"schema": {"type": "string"}}
    found[200]["content"] = {writing.NDJSON: text, "text/csv": text}
    return found


def answered(
    request: Request, query: Formatted, build: Callable[[Room], Written | Problem]
) -> Response:
    """What ``build`` makes of the views, as they are or as they were."""
    with reader_of(request).snapshot() as snapshot:
        tag, dated = etag_of(request, snapshot), dated_of(request, snapshot)
        if same := answers.unchanged(request, tag, dated):
            return same
        room = asking.room(request, snapshot, query.at)
        found = room if isinstance(room, Problem) else build(room)
    if isinstance(found, Problem):
        return web.answer(found)
    return writing.answer(found, query.format, answers.headers(tag, dated))


def unknown(known: Sequence[Series], pair: str, source: str | None) -> Problem:
    """No series quotes a pair, or none of the source."""
    of_source = [one.pair for one in known if source in {None, one.source}]
    near = pairs.nearest(pair, of_source or [one.pair for one in known])
    return refusals.unknown_pair(pair, source, near)


def left_out(body: Item) -> dict[str, str]:
    """What a table and lines have no place for."""
    return {"Newswire-Left-Out": str(body["left_out_count"])}


def link(pair: str, query: Formatted, **others: object) -> dict[str, str]:
    """The address of what follows: this question with other parameters."""
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"Link": f'</v1/rates/{pair}?{urlencode({**asked, **others})}>; rel="next"'}
