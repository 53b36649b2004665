"""The list of what was wrong with one document: short, and complete in its counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from services.ingest.parse.document import REASONS_THAT_KEEP_THE_ENTRY, Parsed, Problem, Reason
from services.ingest.parse.limits import CAME_CHARACTERS_MAX, PROBLEMS_MAX

WHOLE_DOCUMENT = "the document"
"""Where a problem lies that no line can be named for."""

UNKNOWN_FORMAT: Final = "unknown"
"""``Parsed.format`` of a document that was refused before its format was known."""


@dataclass(slots=True)
class Problems:
    """Problems in the order they were met; one object lives as long as one parse."""

    _listed: list[Problem] = field(default_factory=list)
    _unlisted: Counter[Reason] = field(default_factory=Counter)

    def add(self, reason: Reason, where: str, detail: str) -> None:
        """List the problem, or only count it when the list is full."""
        if len(self._listed) < PROBLEMS_MAX:
            self._listed.append(Problem(reason, where, detail))
        else:
            self._unlisted[reason] += 1

    def add_at(self, line: int, reason: Reason, detail: str) -> None:
        """List a problem of one line, counted from 1."""
        self.add(reason, f"line {line}", detail)

    def listed(self) -> tuple[Problem, ...]:
        """At most ``PROBLEMS_MAX`` problems; when there were more, the last one counts the rest."""
        if not self._unlisted:
            return tuple(self._listed)
        *kept, last = self._listed
        return (*kept, _rest(last, Counter([last.reason]) + self._unlisted))


def shown(text: str) -> str:
    """What came, in quotation marks, shortened so that a message stays readable."""
    if len(text) > CAME_CHARACTERS_MAX:
        text = text[: CAME_CHARACTERS_MAX - 1] + "…"
    return f"“{text}”"


def refused(data: bytes, problem: Problem) -> Parsed:
    """A document of which nothing was taken, and why."""
    return Parsed(
        format=UNKNOWN_FORMAT,
        parser_version=1,
        media_type="application/octet-stream",
        encoding=None,
        sha256=sha256(data).hexdigest(),
        listed_on=None,
        articles=(),
        rates=(),
        problems=(problem,),
    )


def _rest(first: Problem, counts: Counter[Reason]) -> Problem:
    """One problem for many; a loss gives its reason before a note does."""
    losses = [reason for reason in counts if reason not in REASONS_THAT_KEEP_THE_ENTRY]
    total = f"and {counts.total()} more: "
    named = ", ".join(f"{number} {reason}" for reason, number in counts.most_common())
    return Problem(next(iter(losses), first.reason), f"{first.where} and after", total + named)
