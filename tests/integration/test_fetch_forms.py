"""A form is sent where it is addressed to, guarded like a fetch."""

from __future__ import annotations

import pytest

from services.ingest.fetch import Failed, HttpFetcher, Submitted
from tests.http_server import answer, publishing, settings, world


async def test_a_form_is_taken() -> None:
    async with (
        publishing(answer(status="202 Accepted")) as hub,
        HttpFetcher(settings(hub), world()) as fetcher,
    ):
        outcome = await fetcher.submit(hub.url("/hub"), {"hub.mode": "subscribe", "a": "б&="})

        assert outcome == Submitted(202)
        (asked,) = hub.asked
        assert (asked.method, asked.path) == ("POST", "/hub")
        assert asked.field("content-type") == b"application/x-www-form-urlencoded"
        assert asked.body == b"hub.mode=subscribe&a=%D0%B1%26%3D"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("307 Temporary Redirect", "redirect-refused"),
        ("304 Not Modified", "redirect-refused"),
        ("404 Not Found", "refused-by-publisher"),
        ("500 Oops", "publisher-fault"),
    ],
)
async def test_a_form_that_is_not_taken_says_why(status: str, reason: str) -> None:
    async with (
        publishing(answer(b"", "Location: /elsewhere", status=status)) as hub,
        HttpFetcher(settings(hub), world()) as fetcher,
    ):
        outcome = await fetcher.submit(hub.url("/hub"), {"a": "b"})

        assert isinstance(outcome, Failed)
        assert outcome.reason == reason
        assert hub.connections == 1


async def test_a_form_is_not_sent_to_an_internal_address() -> None:
    async with (
        publishing(answer()) as hub,
        HttpFetcher(settings(hub), world()) as fetcher,
    ):
        for url in ("http://10.0.0.1/hub", "http://169.254.169.254/", "http://127.0.0.1:6379/"):
            outcome = await fetcher.submit(url, {"a": "b"})
            assert isinstance(outcome, Failed)
            assert outcome.reason == "address-refused"
