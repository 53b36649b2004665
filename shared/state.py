"""Operational state that is no event, as tables: keys, polls, subscriptions, reports, rejects.

Losing it costs a key or a subscription that has to be made anew, or one request to each source;
never an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from pydantic import TypeAdapter

from shared.errors import Rejected
from shared.health import SERVICES_MAX, Report
from shared.keys import KEYS_MAX, Key, check_follows
from shared.polls import SOURCES_MAX, Poll
from shared.rejects import REJECTS_MAX, Reject
from shared.subscriptions import SUBSCRIPTIONS_MAX, Subscription

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """Rows of one kind: how they are told apart, ordered, limited and packed."""

    name: str
    counted: str
    """What there is one row for each of, in the plural."""
    rows_max: int
    """Of one desk."""
    row_id: Callable[[Row], str]
    order: Callable[[Row], tuple[object, ...]]
    json: TypeAdapter[Row]
    """How a row is kept, as UTF-8."""
    check_follows: Callable[[Row, Row], None] | None = None
    """Refuses to keep the second over the first; None: any row replaces the one before."""
    is_made_anew: bool = True
    """A row that cannot be read is left out, and made again when it is missed; False: an error."""

    def check_room(self, rows: int) -> None:
        """Refuse one more than so many rows.

        Raises:
            Rejected: there are ``rows_max`` already.
        """
        if rows >= self.rows_max:
            raise Rejected(f"a desk has at most {self.rows_max} {self.counted}")


KEYS: Final = Table(
    name="keys",
    counted="keys",
    rows_max=KEYS_MAX,
    row_id=lambda key: key.key_id,
    order=lambda key: (key.created_at, key.key_id),
    json=TypeAdapter(Key),
    check_follows=check_follows,
    is_made_anew=False,
)
"""See KeyStore."""
POLLS: Final = Table(
    name="polls",
    counted="sources",
    rows_max=SOURCES_MAX,
    row_id=lambda poll: poll.source,
    order=lambda poll: (poll.source,),
    json=TypeAdapter(Poll),
)
"""See PollStore. What cannot be read costs one request."""
SUBSCRIPTIONS: Final = Table(
    name="subscriptions",
    counted="subscriptions",
    rows_max=SUBSCRIPTIONS_MAX,
    row_id=lambda one: one.token,
    order=lambda one: (one.source, one.token),
    json=TypeAdapter(Subscription),
)
"""See SubscriptionStore."""
HEALTH: Final = Table(
    name="health",
    counted="services",
    rows_max=SERVICES_MAX,
    row_id=lambda report: report.service,
    order=lambda report: (report.service,),
    json=TypeAdapter(Report),
)
"""How each service is, wherever it runs; of several of one name the one that wrote last."""
REJECTS: Final = Table(
    name="rejects",
    counted="rejects",
    rows_max=REJECTS_MAX,
    row_id=lambda reject: str(reject.number % REJECTS_MAX),
    order=lambda reject: (-reject.number,),
    json=TypeAdapter(Reject),
)
"""What ingest did not take, the latest first; a later one replaces the oldest."""
