"""What the seed reports in several languages is told apart."""

from __future__ import annotations

from pathlib import Path

import seed
from services.enrichment.desks import ArticleDesk
from services.enrichment.main import reader
from services.enrichment.worker import Enricher
from shared.envelope import decode
from shared.story_events import StoryOpened, StoryWireEvent
from shared.testing.memory_log import MemoryLog
from tests.integration.test_replay import replayed
from tests.wire_builders import Clock, drive, entries, quiet


async def test_the_seed_has_one_story_which_a_second_source_copied() -> None:
    log = MemoryLog()
    await replayed(Path(seed.__path__[0]), log)
    await drive(Enricher(ArticleDesk(log, reader()), log, Clock(), "1.0", quiet()), log)

    said = [decode("wire", entry).event for entry in await entries(log, "wire")]
    (story,) = [event for event in said if isinstance(event, StoryWireEvent)]
    assert isinstance(story, StoryOpened)
    assert story.headline == "Night Train Between Tashkent and Almaty to Run Daily From April"
    assert list(story.evidence) == ["copy_of"]
