"""Signatures as Standard Webhooks has them; its own library signs."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from services.ingest.push.signatures import SIGNATURES_MAX, Signed, read

# Of the standard's own example, signed content and all.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()
AT_S = 1_772_524_800
BODY = b'{"headline": "Ferry"}'


def raw(text: str) -> bytes:
    return base64.b64decode(text.removeprefix("whsec_"))


def signed(body: bytes = BODY, secret: str = SECRET, **changes: str) -> dict[str, str]:
    """Headers as the library of the standard makes them."""
    message = changes.get("webhook-id", "msg_1")
    at = datetime.fromtimestamp(AT_S, UTC)
    given = {
        "webhook-id": message,
        "webhook-timestamp": str(AT_S),
        "webhook-signature": Webhook(secret).sign(message, at, body.decode()),
    }
    return {**given, **changes}


def taken(headers: dict[str, str], now_s: float = AT_S) -> Signed:
    found = read(headers, now_s)
    assert isinstance(found, Signed), found
    return found


def test_what_the_library_of_the_standard_signs_is_by_its_secret_alone() -> None:
    found = taken(signed())

    assert found.is_by([raw(SECRET)], BODY)
    assert not found.is_by([raw(OTHER)], BODY)
    assert not found.is_by([], BODY)


def test_a_signature_is_over_id_second_and_every_byte() -> None:
    headers = signed()

    assert not taken(headers).is_by([raw(SECRET)], BODY + b" ")
    assert not taken({**headers, "webhook-id": "msg_2"}).is_by([raw(SECRET)], BODY)
    later = {**headers, "webhook-timestamp": str(AT_S + 1)}
    assert not taken(later).is_by([raw(SECRET)], BODY)


def test_a_sender_that_rotates_signs_with_both_secrets() -> None:
    both = signed()["webhook-signature"] + " " + signed(secret=OTHER)["webhook-signature"]
    found = taken(signed(**{"webhook-signature": both}))

    assert found.is_by([raw(SECRET)], BODY)
    assert found.is_by([raw(OTHER)], BODY)
    assert taken(signed(secret=OTHER)).is_by([raw(SECRET), raw(OTHER)], BODY)


def test_signatures_of_other_kinds_are_ignored() -> None:
    ours = signed()["webhook-signature"]
    among = f"v1a,{'A' * 86}== v2,x  v1 {ours} v1,short"

    assert taken(signed(**{"webhook-signature": among})).signatures == (ours[3:].encode(),)


def test_no_more_signatures_are_looked_at_than_are_allowed() -> None:
    wrong = f"v1,{'A' * 43}="
    many = " ".join([*[wrong] * SIGNATURES_MAX, signed()["webhook-signature"]])

    assert not taken(signed(**{"webhook-signature": many})).is_by([raw(SECRET)], BODY)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_request_without_one_of_the_fields_is_not_signed(name: str) -> None:
    headers = signed()
    del headers[name]

    found = read(headers, AT_S)

    assert isinstance(found, str)
    assert found.startswith(f"expected {name}")


def test_an_attempt_may_be_five_minutes_from_our_clock() -> None:
    found = {ahead_s: read(signed(), AT_S + ahead_s) for ahead_s in (-301, -300, 300, 301)}

    assert [at for at, one in found.items() if isinstance(one, Signed)] == [-300, 300]
    assert "set the clock" in str(found[301])


@pytest.mark.parametrize(
    "second", ["", "0", "-1", "1e9", "01772524800", " 1772524800", "٣", "9" * 13]
)
def test_a_second_that_is_written_otherwise_is_none(second: str) -> None:
    assert isinstance(read(signed(**{"webhook-timestamp": second}), AT_S), str)


@pytest.mark.parametrize("message", ["", "a.b", "a b", "Ж", "x" * 257, "a\n"])
def test_an_id_of_which_the_signed_text_could_be_split_otherwise_is_none(message: str) -> None:
    headers = {**signed(), "webhook-id": message}

    assert isinstance(read(headers, AT_S), str)


def test_attempts_of_one_message_have_one_fingerprint_and_other_bodies_another() -> None:
    first, again = taken(signed()), taken({**signed(), "webhook-timestamp": str(AT_S + 9)})
    other = taken(signed(**{"webhook-id": "msg_2"}))

    assert first.fingerprint(BODY) == again.fingerprint(BODY)
    assert len({first.fingerprint(BODY), first.fingerprint(b"{}"), other.fingerprint(BODY)}) == 3
