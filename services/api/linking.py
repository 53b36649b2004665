"""``Link`` headers: where an answer is, goes on, and is in another form. Source: RFC 8288."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request

_PAIR: Final = r"[A-Za-z_]+=[A-Za-z0-9_.~:-]+"
_PLAIN: Final = re.compile(f"({_PAIR}(&{_PAIR})*)?")
"""A query that stays as it is when it is written anew."""
_PLAIN_PART: Final = re.compile(r"[A-Za-z0-9_.~-]*")
_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9_.~:/-]*")
Alternate = tuple[str, str]
"""Address and media type of another form of the same."""


def header(
    request: Request, following: str | None = None, alternates: Sequence[Alternate] = ()
) -> dict[str, str]:
    """The header of an answer; ``following``: the cursor of the next page.

    Addresses are relative to the request: the Host header is the client's to choose.
    """
    path = _quoted(request.scope["path"])
    asked = _written_anew(request)
    links = [_link(_joined(path, asked), "self")]
    if following is not None:
        kept = [pair for pair in asked if not pair.startswith("cursor=")]
        links.append(_link(_joined(path, [*kept, f"cursor={_quoted(following)}"]), "next"))
    links += [f'{_link(address, "alternate")}; type="{kind}"' for address, kind in alternates]
    return {"Link": ", ".join(links)}


def quoted(came: str) -> str:
    """A part of a path as it stands in an address."""
    return came if _PLAIN_PART.fullmatch(came) else quote(came, safe="")


def _written_anew(request: Request) -> list[str]:
    """The parameters of a request, each as ``name=value``: what came may hold what ends a link."""
    came = request.scope["query_string"].decode("latin-1")
    if _PLAIN.fullmatch(came):
        return came.split("&") if came else []
    return [
        urlencode([pair], safe=":", errors="replace") for pair in request.query_params.multi_items()
    ]


def _quoted(came: str) -> str:
    return came if _PLAIN_PATH.fullmatch(came) else quote(came, safe="/:")


def _joined(path: str, parameters: Sequence[str]) -> str:
    return f"{path}?{'&'.join(parameters)}" if parameters else path


def _link(address: str, relation: str) -> str:
    return f'<{address}>; rel="{relation}"'
