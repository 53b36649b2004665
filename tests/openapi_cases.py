"""Requests made of an OpenAPI document: the same ones in every run."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings

SEEDED: Final = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
