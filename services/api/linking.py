"""``Link`` headers: where an answer is, goes on, and is in another form. Source: RFC 8288."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlencode

from starlette.requests import Request

Alternate = tuple[str, str]
"""Address and media type of another form of the same."""


def header(
    request: Request, following: str | None = None, alternates: Sequence[Alternate] = ()
) -> dict[str, str]:
    """The header of an answer; ``following``: the cursor of the next page.

    Addresses are relative to the request: the Host header is the client's to choose.
    """
    asked = request.query_params.multi_items()
    links = [_link(_address(request, asked), "self")]
    if following is not None:
        kept = [pair for pair in asked if pair[0] != "cursor"]
        links.append(_link(_address(request, [*kept, ("cursor", following)]), "next"))
    links += [f'{_link(address, "alternate")}; type="{kind}"' for address, kind in alternates]
    return {"Link": ", ".join(links)}


def _address(request: Request, parameters: Iterable[tuple[str, str]]) -> str:
    # Written anew: what came may hold what ends a link.
    query = urlencode(list(parameters), safe=":", errors="replace")
    path = quote(request.scope["path"], safe="/:")
    return f"{path}?{query}" if query else path


def _link(address: str, relation: str) -> str:
    return f'<{address}>; rel="{relation}"'
