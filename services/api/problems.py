"""What the api says when it cannot give what was asked for.

What all doors say alike, and how a problem is written, is in ``shared.web``.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from shared.web import Problem

RETRY_S: Final = 1
"""What ``Retry-After`` says: the projection publishes its first file within a second."""
ROOM_RETRY_S: Final = 10
"""Who listens seldom leaves soon."""
DOWNLOAD_RETRY_S: Final = 60
"""A view is taken away in a minute or two."""
METHODS: Final = ("GET", "HEAD")
"""What every path answers; anything else is refused."""
ECHO_CHARACTERS_MAX: Final = 120
"""Of what a client sent, where an answer repeats it."""
_UNKNOWN: Final = "extra_forbidden"
"""What pydantic calls a parameter that there is not."""
ERRORS_MAX: Final = 10
"""Parameters named in one answer; the last sentence counts the rest."""


def echo(said: str) -> str:
    """What a client sent, fit to be repeated in a sentence: short, and nothing in it invisible.

    Control characters and those that turn the direction of text are percent-encoded.
    """
    begin = said[:ECHO_CHARACTERS_MAX]
    text = "".join(one if one.isprintable() else quote(one, errors="replace") for one in begin)
    is_whole = len(said) <= ECHO_CHARACTERS_MAX >= len(text)
    return text if is_whole else text[: ECHO_CHARACTERS_MAX - 1] + "…"


def unknown_article(article_id: str) -> Problem:
    """The wire does not carry it, or it is withheld: the two look alike from outside."""
    return Problem(
        "article-unknown",
        404,
        "No such article",
        "The wire carries no such article, or it is not available. Look for it in the list, "
        "/v1/articles.",
        {"article_id": echo(article_id)},
    )


def canceled_article(notice: Mapping[str, Any]) -> Problem:
    """The article was killed; what is known about that."""
    members = {name: notice[name] for name in ("article_id", "reason", "by", "observed_at")}
    return Problem(
        "article-canceled",
        410,
        "This article was canceled",
        "It must not be shown any more. Remove every copy of every version.",
        members,
    )


def unknown_story(story_id: str) -> Problem:
    """The wire never told of it."""
    return Problem(
        "story-unknown",
        404,
        "No such story",
        "The wire tells of no such story. Look for it in the list, /v1/stories; an article names "
        "the story that it is in as story_id.",
        {"story_id": echo(story_id)},
    )


def unknown_source(source_id: str) -> Problem:
    """Nothing of it may be shown, or the wire never carried anything of it."""
    return Problem(
        "source-unknown",
        404,
        "No such source",
        "The wire carries nothing of such a source that may be shown. Look for it in the list, "
        "/v1/sources.",
        {"source": echo(source_id)},
    )


def invalid_cursor(detail: str) -> Problem:
    """The cursor is none of ours."""
    return Problem("cursor-invalid", 400, "This cursor cannot be read", detail)


def cursor_of_changes() -> Problem:
    """The cursor asks what changed, and ``at`` what was."""
    return invalid_cursor(
        "This cursor is for what changed since a list was read, and `at` asks for the list as it "
        "was. Leave one of them out; `next` of an answer goes with `at`."
    )


def not_said_yet(seq: int) -> Problem:
    """The instant that was asked for is an event that the views do not hold."""
    fault = {
        "loc": ("query", "at"), "type": "less_than_equal",
        "msg": f"Input should be at most {seq}, the event at which the views stand",
    }  # fmt: skip
    return invalid_parameters([fault], ())


def not_come_yet(today: date) -> Problem:
    """The instant that was asked for lies ahead."""
    fault = {
        "loc": ("query", "at"), "type": "less_than_equal",
        "msg": f"Input should not be after today, {today}: leave `at` out to see the present",
    }  # fmt: skip
    return invalid_parameters([fault], ())


def foreign_cursor() -> Problem:
    """The cursor was given by the api of another log."""
    return Problem(
        "cursor-foreign",
        410,
        "This cursor is of another log",
        "The wire holds another event where this cursor was given, or ends before it: the log was "
        "restored, or is another one. Read the list afresh, without a cursor, and replace what you "
        "keep by it.",
    )


def events_gone(from_seq: int, resume: str) -> Problem:
    """The log had these events and does not hold them any more."""
    return Problem(
        "history-truncated",
        410,
        "These events are gone",
        f"The log does not hold the events from {from_seq} on as a whole: it was trimmed or "
        "restored. What they made of every article, rate and story is at the address in resume; "
        "go on with the cursor that its last page gives.",
        {"resume": resume},
    )


def before_the_first(resume: str) -> Problem:
    """Nothing is known of the instant that was asked for: it lies before the first event."""
    return Problem(
        "history-truncated",
        410,
        "Nothing is known of that time",
        "It lies before the first event that the views know of. The first instant that they know "
        "is at the address in resume.",
        {"resume": resume},
    )


def log_unavailable() -> Problem:
    """Redis does not answer; the views do, so lists are still served."""
    return Problem(
        "log-unavailable",
        503,
        "The log does not answer",
        "Events cannot be read just now. Try again in a moment; articles and rates are served.",
        headers={"Retry-After": str(RETRY_S)},
    )


def too_many_clients(clients_max: int) -> Problem:
    """Every place on the stream is taken."""
    return Problem(
        "too-many-clients",
        503,
        "Too many clients listen",
        f"At most {clients_max} clients listen at one time. Try again in a while, or poll "
        "/v1/events.",
        headers={"Retry-After": str(ROOM_RETRY_S)},
    )


def too_many_downloads(downloads_max: int) -> Problem:
    """Every place for a long answer is taken."""
    return Problem(
        "too-many-clients",
        503,
        "Too many downloads",
        f"At most {downloads_max} downloads of this kind run at one time. Try again in a while.",
        headers={"Retry-After": str(DOWNLOAD_RETRY_S)},
    )


def too_many_waiting(waiters_max: int) -> Problem:
    """Every place of those who wait is taken."""
    return Problem(
        "too-many-clients",
        503,
        "Too many clients wait",
        f"At most {waiters_max} clients wait for a change at one time. Ask without wait, or again "
        "in a while.",
        headers={"Retry-After": str(ROOM_RETRY_S)},
    )


def views_behind(wanted_seq: int, seq: int) -> Problem:
    """Another process, or this one before, has shown more than these views hold."""
    return Problem(
        "views-behind",
        503,
        "The views are behind this cursor",
        f"The cursor stands at event {wanted_seq}, the views at {seq}: they are being folded, or "
        "another process gave it that is further ahead. Ask again in a moment, with the same "
        "cursor.",
        {"seq": seq},
        {"Retry-After": str(RETRY_S)},
    )


def invalid_parameters(faults: Sequence[Mapping[str, Any]], known: Sequence[str]) -> Problem:
    """Parameters that are unknown, repeated or out of bounds; ``faults`` as pydantic lists them."""
    told = faults[:ERRORS_MAX]
    first = next((fault for fault in told if fault["type"] == _UNKNOWN), None)
    errors = [
        {
            "path": echo("/".join(map(str, fault["loc"]))),
            "detail": _fault(fault, known) + (_all_of(known) if fault is first else ""),
        }
        for fault in told
    ]
    detail = " ".join(f"{error['path']}: {error['detail']}." for error in errors)
    if more := len(faults) - len(errors):
        detail += f" {more} more are not listed."
    return Problem(
        "parameters-invalid", 422, "The request is not valid", detail, {"errors": errors}
    )


def views_unavailable(reason: str) -> Problem:
    """There is no view file yet, or it cannot be read."""
    return Problem(
        "views-unavailable",
        503,
        "The news is not available yet",
        f"{reason[:1].upper()}{reason[1:]}. Try again in a moment.",
        headers={"Retry-After": str(RETRY_S)},
    )


def unknown_address() -> Problem:
    """Nobody said where readers reach us; no Retry-After, for no wait is known to help."""
    return Problem(
        "address-unknown",
        503,
        "This desk does not know its own address",
        "Links in a feed are absolute, and the api listens on every address of its machine. Set "
        "NEWSWIRE_URL to the one that readers use, such as https://news.example, and start the "
        "api again. /v1/articles has the same list.",
    )


def not_ready(detail: str, seq: int | None, head: int | None) -> Problem:
    """The views do not follow the wire."""
    return Problem(
        "not-ready",
        503,
        "Not ready",
        detail,
        {"ready": False, "seq": seq, "head": head},
        {"Retry-After": str(RETRY_S)},
    )


def no_such_page(path: str) -> Problem:
    """No route has this path."""
    slash = "Leave out the slash at its end. " if path.endswith("/") else ""
    return Problem(
        "not-found",
        404,
        "There is nothing here",
        f"Nothing is at {echo(path)}. {slash}The front page is at /, the API is described at "
        "/openapi.json.",
    )


def method_not_allowed(method: str) -> Problem:
    """The path exists, not for this method."""
    return Problem(
        "method-not-allowed",
        405,
        "Method not allowed",
        f"{echo(method)} is not answered here: the api only reads. Use {' or '.join(METHODS)}.",
        headers={"Allow": ", ".join(METHODS)},
    )


def _fault(fault: Mapping[str, Any], known: Sequence[str]) -> str:
    if fault["type"] != _UNKNOWN:
        return str(fault["msg"])
    near = difflib.get_close_matches(echo(str(fault["loc"][-1])), known, n=1, cutoff=0.0)
    meant = f", did you mean {near[0]}?" if near else ""
    return f"Unknown parameter{meant}"


def _all_of(known: Sequence[str]) -> str:
    """Said once in an answer: there are many parameters."""
    return f" Known are {', '.join(known) or 'none'}"


def invalid_search(position: int, message: str) -> Problem:
    """What was typed is no search; ``position``, from 1, is where it stops being one."""
    return Problem(
        "search-invalid",
        422,
        "This is no search",
        f"At character {position} of q: {message}. docs/search.md has the language of searches.",
        {"position": position},
    )


def costly_search() -> Problem:
    """A search, or a list that is read where searches are, took longer than one may."""
    return Problem(
        "search-too-costly",
        422,
        "This search takes too long",
        "It would read too much of the index. Type longer beginnings before *, fewer common words "
        "in quotes, or choose a source, a language, a time or a rarer tag. Of a list, have fewer "
        "facets counted, or ask for a shorter time.",
    )


def busy_searches() -> Problem:
    """Too many searches wait for their turn."""
    return Problem(
        "searches-busy",
        503,
        "Too many searches at once",
        "Search again after the seconds in Retry-After.",
        headers={"Retry-After": str(RETRY_S)},
    )
