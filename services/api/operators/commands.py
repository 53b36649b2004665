"""What an operator types about what a page shows: the command, and the same as a request. Pure."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Final

from shared.setaside import SetAsideEvent

_CURL: Final = (
    'curl -sS "$DOOR/v1/decisions" -H "Authorization: Bearer $KEY" '
    "-H 'Content-Type: application/json' -d "
)
REASON: Final = "WHY"
"""Stands where the operator writes it."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done."""

    does: str
    newswire: str
    curl: str
    """``$DOOR`` is where the push door is, ``$KEY`` an operator's key."""


def of_letter(letter: SetAsideEvent) -> Command:
    """Have what was set aside of a subject taken up again."""
    about = (letter.consumer, letter.subject)
    body = {"decision": "retry", "consumer": about[0], "subject": about[1], "reason": REASON}
    return Command("retry", _line("deadletters", "retry", *about), _request(body))


def of_articles() -> list[Command]:
    """What can be decided about any article."""
    return [
        Command(
            does,
            _line(does, "ID"),
            _request({"decision": does, "article_id": "ID", "reason": REASON}),
        )
        for does in ("hold", "release", "withdraw")
    ]


def _line(*words: str) -> str:
    return shlex.join(("newswire", *words, "--reason", REASON))


def _request(body: dict[str, str]) -> str:
    return _CURL + shlex.quote(json.dumps(body, ensure_ascii=False))
