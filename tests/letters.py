"""Dead letters for tests: events that enrichment has set aside."""

from __future__ import annotations

from shared.envelope import Attributes, encode
from shared.house_events import DeadLetterParked
from shared.log import Draft, Log
from shared.streams import source_urn
from tests.builders import at


async def set_aside(log: Log, subject: str, *, times: int = 1) -> None:
    """Have ``enrichment.articles`` say so often that event 1 of a subject failed."""
    letter = "urn:newswire:deadletter:enrichment.articles:1"
    parked = DeadLetterParked(
        consumer="enrichment.articles", stream="articles", position="1-0", seq=1, event_id="one",
        event_type="newswire.article.received", subject=subject, reason="failed", error="Boom",
        attempts=3, code_version="1", parked_at=at(9),
    )  # fmt: skip
    attributes = Attributes(
        id=f"parked-{times}", source=source_urn("newswire"), subject=letter, time=at(9),
        recorded_at=at(9), correlation_id=subject,
    )  # fmt: skip
    draft = Draft(letter, f"parked-{times}", times - 1, encode(parked, attributes))
    await log.append("deadletters", [draft])
