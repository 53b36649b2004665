"""Leases, polling beside a hub, and signatures of hubs."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

from services.ingest.websub.leases import poll_at
from services.ingest.websub.signatures import is_signed
from services.ingest.websub.topics import is_of, is_usable
from shared.subscriptions import Subscription
from tests.builders import at

LIVE = Subscription(
    token="t", secret="s", source="a", topic="https://a.example/", hub="https://h.example/",
    next_at=at(9), asked_at=at(1), lease_until=at(11),
)  # fmt: skip
BODY = b"<rss/>"


def signed(method: str, secret: str = "s", body: bytes = BODY) -> str:
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


def test_a_source_whose_hub_sends_is_polled_every_six_hours() -> None:
    assert poll_at(at(2, 6, 15), at(2, 6), LIVE) == at(2, 12)


def test_a_source_that_is_planned_later_is_polled_as_planned() -> None:
    assert poll_at(at(3), at(2), LIVE) == at(3)


def test_a_source_is_polled_as_planned_when_the_lease_is_over() -> None:
    assert poll_at(at(10, 23, 15), at(10, 23), LIVE) == at(11, 5)
    assert poll_at(at(11, 5, 15), at(11, 5), LIVE) == at(11, 6)
    assert poll_at(at(12, 6, 15), at(12, 6), LIVE) == at(12, 6, 15)


def test_a_source_without_a_hub_that_sends_is_polled_as_planned() -> None:
    soon = at(2) + timedelta(minutes=15)

    for one in (None, replace(LIVE, lease_until=None), replace(LIVE, is_ending=True)):
        assert poll_at(soon, at(2), one) == soon
    assert poll_at(soon, None, LIVE) == soon


def test_every_method_that_is_recognised_signs() -> None:
    for method in ("sha1", "sha256", "sha384", "sha512"):
        assert is_signed([signed(method)], "s", BODY)
        assert is_signed([signed(method).upper().replace("SHA", "sha")], "s", BODY)
        assert not is_signed([signed(method, "other")], "s", BODY)
        assert not is_signed([signed(method)], "s", BODY + b" ")
        assert not is_signed([signed(method)[:-1]], "s", BODY)


def test_the_best_signature_decides_alone() -> None:
    wrong = signed("sha256", "other")

    assert not is_signed([wrong, signed("sha1")], "s", BODY)
    assert not is_signed([f"{signed('sha1')}, {wrong}"], "s", BODY)
    assert is_signed([signed("sha1", "other"), signed("sha512")], "s", BODY)


def test_no_signature_and_other_methods_are_none() -> None:
    for said in ([], [""], ["md5=" + "0" * 40], ["sha256"], ["sha256="], ["sha1=" + "g" * 40]):
        assert not is_signed(said, "s", BODY)


def test_no_more_signatures_are_looked_at_than_are_allowed() -> None:
    many = ["x=1"] * 10 + [signed("sha256")]

    assert not is_signed(many, "s", BODY)
    assert not is_signed([",".join(many)], "s", BODY)


def test_a_topic_is_the_same_however_a_hub_writes_it() -> None:
    topic = "https://courier.example/новости?я"

    for written in (
        topic.encode().decode("latin-1"),
        "https://courier.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8?%D1%8F",
        "HTTPS://Courier.example:443/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8?%D1%8F",
    ):
        assert is_of(topic, [f'<{written}>; rel="self"'])
    assert not is_of(
        topic, ['<https://courier.example/новость>; rel="self"'.encode().decode("latin-1")]
    )


def test_only_a_link_that_says_self_names_a_topic() -> None:
    topic = "https://a.example/feed"
    other = "<https://b.example/>"

    assert is_of(topic, [])
    assert is_of(topic, [f'{other}; rel="hub", </feed>; title="a, b"; rel="next self"'])
    assert is_of(topic, [f'{other}; title="; rel=self"'])
    assert is_of(topic, [f"{other}; rel=hub; rel=self"])
    assert not is_of(topic, [f"{other}; rel=self"])
    assert not is_of(topic, [f'{other}; title="a, b"; rel="self"'])


def test_a_topic_that_no_hub_could_name_in_a_query_is_not_asked_for() -> None:
    assert is_usable("https://a.example/" + "a" * 1_970)
    assert not is_usable("https://a.example/" + "я" * 400)
    assert not is_usable("https://a.example/" + "a" * 1_990)


def test_an_address_that_cannot_be_fetched_is_no_topic() -> None:
    for url in (
        "",
        "ftp://a.example/",
        "https://u@a.example/",
        "https://a..example/",
        "http://1.2/",
    ):
        assert not is_usable(url)
