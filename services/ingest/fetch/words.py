"""What fetching gives and is asked for; docs/fetching.md has every reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

FetchReason = Literal[
    "url-invalid",
    "address-refused",
    "name-unresolved",
    "unreachable",
    "tls-failed",
    "timeout",
    "bad-answer",
    "truncated",
    "too-large",
    "encoding-refused",
    "redirect-refused",
    "too-many-redirects",
    "asked-to-wait",
    "refused-by-publisher",
    "gone",
    "too-many-requests",
    "publisher-fault",
    "robots-refused",
    "host-busy",
]
"""Why nothing was fetched. A closed list: docs/fetching.md."""

Kind = Literal["feed", "page"]
"""A feed is offered to be polled; of a page we ask robots.txt first, and it may be less long."""


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a publisher knows the version that we have; exactly as they came.

    Each character stands for one byte (ISO 8859-1), so that what is no text goes back unharmed.
    Source: RFC 9110 8.8.
    """

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as it was served."""

    url: str
    """Where it was in the end, after all redirects."""
    status: int
    body: bytes
    """Decoded, whole."""
    media_type: str | None
    """Lower case, without parameters; None: not said, or unreadable."""
    charset: str | None
    validators: Validators
    max_age_s: int | None
    """For so long from now on the publisher declares it fresh; None: not said."""
    links: tuple[tuple[str, str], ...]
    """Relation, lower case, and absolute URL of each link of the Link fields (RFC 8288)."""
    moved_to: str | None
    """Where to ask from now on: every redirect was permanent; None: where we asked."""


@dataclass(frozen=True, slots=True)
class Unmodified:
    """The version that we have is still the one that is served."""

    max_age_s: int | None
    validators: Validators
    """Those to send with the next request: new ones where there are new ones."""
    moved_to: str | None = None
    """As in Fetched."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was fetched."""

    reason: FetchReason
    detail: str
    """One sentence for an operator; without secrets, as it may be logged."""
    retry_after_s: int | None = None
    """For so long the publisher asked not to be asked; None: it did not say."""
    status: int | None = None
    """Of the answer, where there was one that was read."""
    closed_host: str | None = None
    """Which host is sent nothing for ``retry_after_s``, whatever is wanted of it; None: none."""


Outcome = Fetched | Unmodified | Failed


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form was taken."""

    status: int
    """Of the answer: 200 to 299."""


class Fetcher(Protocol):
    """Fetches documents. Never raises for what the world does."""

    async def fetch(self, url: str, validators: Validators, kind: Kind = "feed") -> Outcome:
        """What is at a URL, unless it is what the validators name already."""
        ...

    def leave_alone(self, host: str, seconds: int) -> None:
        """Send nothing to a host for a time, as it asked before we were started."""
        ...


class Trouble(Exception):
    """A fetch that goes no further; carries what its caller is told. Never leaves the package."""

    def __init__(
        self,
        reason: FetchReason,
        detail: str,
        *,
        retry_after_s: int | None = None,
        status: int | None = None,
        closed_host: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.failed = Failed(reason, detail, retry_after_s, status, closed_host)
