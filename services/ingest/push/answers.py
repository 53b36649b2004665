"""What became of the items of a request, as its answer says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, assert_never

import orjson
from starlette.responses import Response

from services.ingest.domain import Observation, PublishOutcome, Refused
from services.ingest.push import problems
from services.ingest.push.bodies import Stop
from services.ingest.push.items import NotTaken
from services.ingest.push.receipts import FaultSaid, ItemOutcome, Outcome
from services.ingest.rejects import Rejects
from shared import web
from shared.keys import Key
from shared.log import Appended, Stale, Unchanged
from shared.news import Rate
from shared.streams import rate_subject, series_name
from shared.web import Problem

FAULTS_MAX: Final = 2_000
"""Faults that one answer tells apart; of the items after those it names the first ones."""
_OUTCOMES: Final[tuple[Outcome, ...]] = ("appended", "unchanged", "stale", "rejected")


@dataclass(slots=True)
class Tally:
    """What became of the items so far, in whatever order that was found out."""

    by_index: dict[int, ItemOutcome] = field(default_factory=dict)
    _faults_told: int = 0
    _stop: Stop | None = None

    def published(self, index: int, each: Observation | Rate, outcome: PublishOutcome) -> None:
        """Note what the log made of an item."""
        known = _known(each)
        match outcome:
            case Refused(problem):
                self.rejected(index, NotTaken("refused", problem.detail))
            case Appended(version, seq):
                self._add(index, "appended", seq=seq, version=version, **known)
            case Unchanged(version, seq):
                self._add(index, "unchanged", seq=seq, version=version, **known)
            case Stale(version, seq, _, reason):
                self._add(index, "stale", seq=seq, version=version, detail=reason, **known)
            case _:
                assert_never(outcome)

    def rejected(self, index: int, why: NotTaken) -> None:
        """Note why an item was not taken."""
        told = why.faults if self._faults_told + len(why.faults) <= FAULTS_MAX else ()
        self._faults_told += len(told)
        faults = tuple(FaultSaid(path=one.path, message=one.message) for one in told)
        self._add(index, "rejected", reason=why.reason, detail=why.detail, faults=faults)

    def stopped(self, index: int, stop: Stop) -> None:
        """Note that from this item on nothing was read."""
        self._stop = stop
        self.rejected(index, NotTaken(stop.reason, stop.detail))

    def counts(self) -> dict[Outcome, int]:
        """How many items had each outcome."""
        found = Counter(one.outcome for one in self.by_index.values())
        return {outcome: found[outcome] for outcome in _OUTCOMES}

    def said(self) -> dict[str, Any]:
        """The items in their order, and the counts."""
        items = [self.by_index[index] for index in sorted(self.by_index)]
        return {
            "items": [one.model_dump(exclude_defaults=True) for one in items],
            "counts": self.counts(),
        }

    def note(self, rejects: Rejects, key: Key) -> None:
        """Note for operators what became of the items, and why some were not taken."""
        source = key.sources[0] if len(key.sources) == 1 else ""
        for outcome, count in self.counts().items():
            rejects.counts.add("offered", outcome, count)
        for one in self.by_index.values():
            if one.outcome == "rejected" and one.reason:
                rejects.note(source, one.reason, f"pushed item {one.index}", one.detail or "")

    def answer(self) -> Response:
        """202 when anything stands; else a problem."""
        problem = self._problem()
        return web.answer(problem) if problem else accepted(self.said())

    def _problem(self) -> Problem | None:
        items = list(self.by_index.values())
        if any(one.outcome != "rejected" for one in items):
            return None
        if self._stop and self._stop.reason == "too-large":
            return problems.too_large(f"Nothing was taken: {self._stop.detail}.", self.said())
        if items and all(one.reason == "source" for one in items):
            return problems.source_not_allowed(self.said())
        first = f"the first of {len(items)} rejected: {items[0].detail}" if items else "came none"
        detail = f"Expected at least one item that can be taken, {first}."
        return problems.items_rejected(detail, self.said())

    def _add(self, index: int, outcome: Outcome, **said: Any) -> None:
        self.by_index[index] = ItemOutcome(index=index, outcome=outcome, **said)


def accepted(said: Mapping[str, Any]) -> Response:
    """The answer to what stands on the log."""
    return Response(orjson.dumps(said), 202, media_type="application/json")


def _known(each: Observation | Rate) -> dict[str, str]:
    match each:
        case Observation(article=article):
            return {"article_id": article.article_id}
        case Rate():
            series = series_name(each.source, each.kind, each.base, each.quote)
            return {"subject": rate_subject(series, each.as_of)}
