"""What the push door says when it does not take a request.

What all doors say alike, and how a problem is written, is in ``shared.web``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.ingest.push.bodies import BYTES_MAX, Form
from shared.faults import Fault, came, visible
from shared.web import Problem

RETRY_S: Final = 2
"""What ``Retry-After`` says while the log is away."""


def key_unknown(*, was_sent: bool) -> Problem:
    """There is no key, or none that is kept and not revoked; which of these is not said."""
    came_with = "came one that is unknown or revoked" if was_sent else "came none"
    challenge = 'Bearer realm="newswire"' + (', error="invalid_token"' if was_sent else "")
    return Problem(
        "key-unknown",
        401,
        "A key is needed",
        f"Expected the header Authorization: Bearer with the key that you were given, {came_with}. "
        "Ask the operator for one.",
        headers={"WWW-Authenticate": challenge},
    )


def signature_invalid(detail: str) -> Problem:
    """The request is signed by nobody whom we know, or not as it should be."""
    return Problem(
        "signature-invalid",
        401,
        "A signature is needed",
        f"{detail[:1].upper()}{detail[1:]}.",
        headers={"WWW-Authenticate": 'StandardWebhooks realm="newswire"'},
    )


def sign_again(wait_s: int) -> Problem:
    """The request was signed before what is remembered: it may be a recording of one that came."""
    return Problem(
        "sign-again",
        503,
        "Sign this again",
        "This was signed before the push door was opened, or there has been more since than it "
        "remembers. Send it again, with the second of that attempt; nothing is taken twice.",
        headers={"Retry-After": str(wait_s)},
    )


def too_many_requests(what: str, wait_s: int) -> Problem:
    """A quota is used up."""
    return Problem(
        "too-many-requests",
        429,
        "Too many requests",
        f"Expected no more than the quota of {what} that RateLimit-Policy says, came more. Send it "
        f"again in {wait_s} s.",
        headers={"Retry-After": str(wait_s)},
    )


def key_not_allowed(*, is_admin: bool) -> Problem:
    """The key is of the other kind."""
    said = (
        "This is an operator's key: it decides and publishes nothing. Use a partner's."
        if is_admin
        else "This is a partner's key: it publishes and decides nothing. Use an operator's."
    )
    return Problem("key-not-allowed", 403, "This key may not do that", said)


def media_type_unsupported(came_with: str, expected: Sequence[str]) -> Problem:
    """The body is in no form that is read here."""
    return Problem(
        "media-type-unsupported",
        415,
        "This kind of body is not read",
        f"Expected {' or '.join(expected)}, in UTF-8 and not compressed, came {came_with}.",
        headers={"Accept-Post": ", ".join(expected)},
    )


def body_too_large(length: int, form: Form) -> Problem:
    """The body says that it will be larger than is read."""
    return too_large(
        f"Expected at most {BYTES_MAX[form]} bytes, came a Content-Length of {length}."
    )


def too_large(detail: str, members: Mapping[str, Any] | None = None) -> Problem:
    """Nothing was taken, because there is more than is read."""
    return Problem("body-too-large", 413, "The body is too large", detail, members or {})


def items_rejected(detail: str, members: Mapping[str, Any]) -> Problem:
    """Nothing of the request was taken."""
    return Problem("items-rejected", 422, "Nothing was taken", detail, members)


def source_not_allowed(members: Mapping[str, Any]) -> Problem:
    """Everything that was sent is of sources that the key is not for."""
    return Problem(
        "source-not-allowed",
        403,
        "This key is not for that source",
        "Every item names a source that the key is not for. Use the source's own key, or ask the "
        "operator to make one.",
        members,
    )


def decision_invalid(detail: str, faults: Sequence[Fault] = ()) -> Problem:
    """The decision cannot be read, or cannot be made."""
    members = {"faults": [one._asdict() for one in faults]} if faults else {}
    return Problem("decision-invalid", 422, "This is no decision", detail, members)


def article_unknown(article_id: str) -> Problem:
    """The log knows no such article."""
    return Problem(
        "article-unknown",
        404,
        "No such article",
        f"The log knows no article {visible(article_id)}. The api lists the id of each.",
    )


def rate_unknown(named: str) -> Problem:
    """The log knows no such rate."""
    return Problem(
        "rate-unknown", 404, "No such rate",
        f"The log knows no rate {visible(named)}. The api lists those that are doubted.",
    )  # fmt: skip


def decision_stale(reason: str) -> Problem:
    """The decision changes nothing, or comes before what stands."""
    return Problem(
        "decision-stale", 409, "The decision was not recorded", f"Nothing was recorded: {reason}."
    )


def log_unavailable(reason: str, members: Mapping[str, Any] | None = None) -> Problem:
    """The log does not take anything now; ``members`` say what is known of the items, if any."""
    stands = "What items says was taken stands. Send all of it" if members else "Send it"
    return Problem(
        "log-unavailable",
        503,
        "The log is not available",
        f"{reason.rstrip('.')}. {stands} again: nothing is taken twice.",
        members or {},
        {"Retry-After": str(RETRY_S)},
    )


def not_found(path: str) -> Problem:
    """No route has this path."""
    return Problem(
        "not-found",
        404,
        "There is nothing here",
        f"Nothing is at {came(path)}. What is here is described at /openapi.json.",
    )


def method_not_allowed(method: str, allowed: str) -> Problem:
    """The path exists, not for this method."""
    return Problem(
        "method-not-allowed",
        405,
        "Method not allowed",
        f"{came(method)} is not answered here. Use {allowed}.",
        headers={"Allow": allowed},
    )
