"""Fetching documents from the world, guarded and polite. Nothing else opens connections to it."""

from services.ingest.fetch.client import HttpFetcher, World
from services.ingest.fetch.urls import redacted, shown_url, without_secrets
from services.ingest.fetch.words import (
    Failed,
    Fetched,
    Fetcher,
    FetchReason,
    Kind,
    Outcome,
    Submitted,
    Unmodified,
    Validators,
)

__all__ = [
    "Failed",
    "FetchReason",
    "Fetched",
    "Fetcher",
    "HttpFetcher",
    "Kind",
    "Outcome",
    "Submitted",
    "Unmodified",
    "Validators",
    "World",
    "redacted",
    "shown_url",
    "without_secrets",
]
