"""Which signed requests came before, and what happens when that is not known any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.push import replays
from services.ingest.push.replays import Replays

OPENED = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
OPENED_S = 1_772_528_400
KEY = "0123456789ab"


def after(seconds: float) -> datetime:
    return OPENED + timedelta(seconds=seconds)


def test_what_comes_again_was_seen_when_it_first_came() -> None:
    known = Replays(OPENED)
    known.first_seen(KEY, "a", OPENED_S + 5, after(5))

    assert known.first_seen(KEY, "a", OPENED_S + 5, after(200)) == after(5)
    assert known.first_seen(KEY, "a", OPENED_S + 200, after(201)) == after(5)
    assert known.first_seen(KEY, "b", OPENED_S + 5, after(201)) == after(201)
    assert known.first_seen("ba9876543210", "a", OPENED_S + 5, after(201)) == after(201)


def test_it_is_remembered_for_as_long_as_its_last_attempt_can_be_repeated() -> None:
    known = Replays(OPENED)
    known.first_seen(KEY, "a", OPENED_S + 300, after(1))

    assert known.first_seen(KEY, "a", OPENED_S + 300, after(600)) == after(1)
    assert known.first_seen(KEY, "a", OPENED_S + 300, after(601)) == after(601)


def test_what_was_signed_before_the_door_was_opened_is_to_be_signed_again() -> None:
    known = Replays(OPENED + timedelta(milliseconds=1))

    assert known.too_early_s(KEY, OPENED_S - 20) == 21
    assert known.too_early_s(KEY, OPENED_S) == 1
    assert known.too_early_s(KEY, OPENED_S + 1) == 0


def test_what_is_forgotten_for_want_of_room_cannot_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replays, "REMEMBERED_MAX", 3)
    known = Replays(OPENED)
    for number in range(1, 5):
        known.first_seen(KEY, str(number), OPENED_S + number, after(number))

    assert known.too_early_s(KEY, OPENED_S + 1) == 1
    assert known.too_early_s(KEY, OPENED_S + 2) == 0
    assert known.too_early_s("ba9876543210", OPENED_S + 1) == 0
    assert known.first_seen(KEY, "2", OPENED_S + 2, after(5)) == after(2)


def test_keys_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replays, "KEYS_MAX", 2)
    known = Replays(OPENED)
    for key in ("a", "b", "c"):
        known.first_seen(key, "x", OPENED_S + 1, after(1))

    assert list(known._by_key) == ["b", "c"]
