"""Who is let in to a request's body: with a key or a signature, and within the limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request

from services.ingest.push import access, problems, signatures
from services.ingest.push.bodies import JSON_BYTES_MAX, Form
from services.ingest.push.quotas import tell
from services.ingest.push.requests import Desk, form_of, whole
from services.ingest.push.signatures import Signed
from shared.keys import Key
from shared.web import Problem

_FORMS: Final = ("application/json",)
_NOT_SIGNED: Final = (
    "expected a signature made with a secret of the key in the path, over the id, the timestamp "
    "and the body exactly as they are sent, came none"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A signed request that is its key's."""

    key: Key
    body: bytes
    first_seen_at: datetime
    """When this, or the same before it, came."""


async def by_key(
    request: Request, desk: Desk, forms: tuple[str, ...], *, is_admin: bool
) -> tuple[Key, Form] | Problem:
    """The key of a request and the form of its body, if the door may read it.

    The key is of the kind that is wanted and has quota left, the form is one of those.

    Raises:
        Unavailable: the store of keys is away.
    """
    key = await known(request, desk, is_admin=is_admin)
    if isinstance(key, Problem):
        return key
    form = form_of(request, forms)
    return form if isinstance(form, Problem) else (key, form)


async def known(request: Request, desk: Desk, *, is_admin: bool) -> Key | Problem:
    """The key of a request, if it is of the kind that is wanted and has quota left.

    Raises:
        Unavailable: the store of keys is away.
    """
    header = request.headers.get("Authorization")
    if refused := _failing(request, desk, access.claimed(header)):
        return refused
    key = await access.sent(header, desk.keys)
    if isinstance(key, Problem):
        return _failed(request, desk, key)
    if refused := _spent(request, desk, key):
        return refused
    desk.limits.came(key.key_id)
    if key.is_admin != is_admin:
        return problems.key_not_allowed(is_admin=key.is_admin)
    return key


async def by_signature(request: Request, desk: Desk, key_id: str) -> Letter | Problem:
    """A whole request, if it is signed by the key that its path names and has quota left.

    Raises:
        Unavailable: the store of keys is away.
    """
    found = await _signer(request, desk, key_id)
    if isinstance(found, Problem):
        return found
    key, signed = found
    async with desk.unverified:
        body = await whole(request, desk, JSON_BYTES_MAX)
        if isinstance(body, Problem):
            return body
        if not signed.is_by(key.secrets_at(desk.now()), body):
            return _failed(request, desk, problems.signature_invalid(_NOT_SIGNED))
    if refused := _unsure(desk, key, signed):  # more may have been forgotten meanwhile
        return refused
    desk.limits.came(key.key_id)
    print_of = signed.fingerprint(body)
    seen_at = desk.replays.first_seen(key.key_id, print_of, signed.at_s, desk.now())
    return Letter(key, body, seen_at)


async def _signer(request: Request, desk: Desk, key_id: str) -> tuple[Key, Signed] | Problem:
    """By whom a request says it is signed, and how; its body is not read."""
    if refused := _failing(request, desk, key_id):
        return refused
    signed = signatures.read(request.headers, desk.now().timestamp())
    if isinstance(signed, str):
        return _failed(request, desk, problems.signature_invalid(signed))
    key = await access.signing(key_id, desk.keys)
    if key is None:
        return _failed(request, desk, problems.signature_invalid(_NOT_SIGNED))
    return _spent(request, desk, key) or _unread(request, desk, key, signed) or (key, signed)


def _failing(request: Request, desk: Desk, key_id: str | None) -> Problem | None:
    """The refusal of an address from which too much came with no key that is known."""
    address = _address(request)
    tell(request, lambda: desk.limits.failure_standings(address))
    wait_s = desk.limits.failure_wait_s(address, key_id)
    return problems.too_many_requests("failures", wait_s) if wait_s else None


def _failed(request: Request, desk: Desk, problem: Problem) -> Problem:
    address = _address(request)
    desk.limits.failed(address)
    tell(request, lambda: desk.limits.failure_standings(address))
    return problem


def _spent(request: Request, desk: Desk, key: Key) -> Problem | None:
    """The refusal of a key whose quota is used up; it costs nothing more."""
    tell(request, lambda: desk.limits.standings(key.key_id))
    wait_s = desk.limits.wait_s(key.key_id)
    return problems.too_many_requests("the key", wait_s) if wait_s else None


def _unread(request: Request, desk: Desk, key: Key, signed: Signed) -> Problem | None:
    """Why the body of a signed request is not read."""
    form = form_of(request, _FORMS)
    return form if isinstance(form, Problem) else _unsure(desk, key, signed)


def _unsure(desk: Desk, key: Key, signed: Signed) -> Problem | None:
    """The refusal of what may have come before, for all that is remembered."""
    wait_s = desk.replays.too_early_s(key.key_id, signed.at_s)
    return problems.sign_again(wait_s) if wait_s else None


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
