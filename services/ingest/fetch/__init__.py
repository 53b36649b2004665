"""Fetching documents from the world, guarded and polite. Nothing else opens connections to it."""

from services.ingest.fetch.client import HttpFetcher, World
from services.ingest.fetch.urls import shown_url
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
    "shown_url",
]
