"""All targets, by name."""

from __future__ import annotations

from typing import Final

from tests.fuzz.documents import DOCUMENTS
from tests.fuzz.fetching import FETCHING
from tests.fuzz.hubs import HUBS
from tests.fuzz.messages import MESSAGES
from tests.fuzz.webhooks import WEBHOOKS

TARGETS: Final = {
    target.name: target for target in (*DOCUMENTS, *FETCHING, *HUBS, *WEBHOOKS, *MESSAGES)
}
