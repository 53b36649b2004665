"""What every answer about rates asks of the request: the views, the day, the state of both."""

from __future__ import annotations

from datetime import date
from typing import cast

from starlette.requests import Request

from services.api import answers
from services.api.reading import Reader, Snapshot


def reader_of(request: Request) -> Reader:
    """The views of this process."""
    return cast("Reader", request.app.state.reader)


def today_of(request: Request) -> date:
    """The day it is, in UTC."""
    return cast("date", request.app.state.today())


def etag_of(request: Request, snapshot: Snapshot, *more: str) -> str:
    """Of an answer that also depends on the day: a rate grows older while nothing happens."""
    return answers.etag(request, snapshot.state, today_of(request).isoformat(), *more)
