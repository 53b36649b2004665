"""What operations say in the OpenAPI document that they may answer."""

from __future__ import annotations

from typing import Any, Final

from services.api.schemas import ProblemBody
from shared.web import HEAD_BYTES_MAX, QUERY_BYTES_MAX

Responses = dict[int | str, dict[str, Any]]

UNAVAILABLE: Final = "There are no views yet, or they cannot be read; `Retry-After` says when."
INVALID: Final = "A parameter is unknown, repeated or out of bounds; `errors` names the first ten."
UNCHANGED: Final = "The client has this content: its `ETag` came in `If-None-Match`."
FOREIGN: Final = "The cursor is of another log; `detail` says how to go on."
UNREADABLE: Final = "The cursor cannot be read, or goes on with another list."
BEHIND: Final = (
    "Or the views are behind the cursor; `Retry-After` says when to ask again with the same one."
)
TRUNCATED: Final = "Or `at` is before the first event; `resume` is the address to go on at."
_EVERYWHERE: Final = {
    "_405": "The method is neither GET nor HEAD; `Allow` names both.",
    "_414": f"The query string has more than {QUERY_BYTES_MAX:,} bytes.",
    "_431": f"The header fields have more than {HEAD_BYTES_MAX:,} bytes together.",
    "_500": "Our fault; the log tells more under the id in `instance`.",
}
"""What every operation may answer: to a request that is refused unread, and for a bug."""


def responses(body: type[Any] | None, said: str, **others: str) -> Responses:
    """The OpenAPI responses of a route: ``_304="…"`` without a body, ``_422="…"`` for a problem.

    ``body`` None: the answer is no JSON, and described beside.
    """
    by_status: Responses = {200: {"description": said, **({"model": body} if body else {})}}
    for name, description in sorted((others | _EVERYWHERE).items()):
        status = int(name[1:])
        model = {"model": ProblemBody} if status >= 400 else {}
        by_status[status] = {"description": description, **model}
    return by_status
