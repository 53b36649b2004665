"""A partner and an operator at a running stack: keys, pushes and decisions, as the README has them.

Nothing here knows more than they do: the command line, and HTTP.
"""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from shared import clock
from tests.e2e.stack import HOST, Stack
from tests.prose import spoken_of

KEY: Final = re.compile(r"nw_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
SOURCE: Final = "irtysh-telegraph"


@dataclass(frozen=True, slots=True)
class Pushed:
    """What the door answered to a push."""

    status: int
    said: dict[str, Any]

    @property
    def article_ids(self) -> list[str]:
        """The articles that were pushed, in their order."""
        return [item["article_id"] for item in self.said["items"]]

    @property
    def outcomes(self) -> list[str]:
        """What became of each."""
        return [item["outcome"] for item in self.said["items"]]


def new_key(stack: Stack, *words: str) -> str:
    """A key as ``newswire keys add`` prints it; by default a partner's for SOURCE."""
    made = stack.run("keys", "add", "Irtysh Telegraph", *(words or ("--source", SOURCE)))
    assert made.returncode == 0, made.stdout + made.stderr
    return key_in(made.stdout)


def key_in(said: str) -> str:
    """The one key in what a command said."""
    (found,) = {match[0] for match in KEY.finditer(said)}
    return found


def article(name: str, **more: object) -> dict[str, object]:
    """An article as a partner pushes it, with ``name`` in all of its texts; no copy of another."""
    return {
        "source": SOURCE,
        "id": name,
        "headline": f"Almaty Tram Depot Reopens, Says {name}",
        "summary": f"The depot, {name}, is open.",
        "body": [
            f"The tram depot of Almaty in Kazakhstan reopened, {name} said on Monday.",
            f"Those who came spoke of {spoken_of(name, 12)}.",
        ],
        "language": "en",
        **more,
    }


def push(port: int, key: str, *articles: dict[str, object]) -> Pushed:
    """POST articles to the push door."""
    return _post(port, key, "/v1/articles", articles)


def push_rates(port: int, key: str, *rates: dict[str, object]) -> Pushed:
    """POST rates to the push door."""
    return _post(port, key, "/v1/rates", rates)


def _post(port: int, key: str, path: str, items: tuple[dict[str, object], ...]) -> Pushed:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", path, json.dumps(items), headers)
        response = connection.getresponse()
        return Pushed(response.status, json.loads(response.read()))
    finally:
        connection.close()


def seconds_ahead(seconds: float) -> datetime:
    """An instant in so many seconds."""
    return clock.now() + timedelta(seconds=seconds)
