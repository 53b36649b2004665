"""Topics: the IPTC Media Topics of a text, learned from texts written for this project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from services.enrichment.topics.lookup import Lookup
from services.enrichment.topics.model import Model
from services.enrichment.topics.taxonomy import Taxonomy, taxonomy
from services.enrichment.topics.weights import parsed
from services.enrichment.topics.words import STEMMERS


@dataclass(frozen=True, slots=True)
class Topics:
    """The taxonomy, and a model for each language that has one."""

    names: Taxonomy
    codes_by_label: Mapping[str, str]
    """Labels in lower case."""
    models: Mapping[str, Model]
    """By BCP 47 language."""
    lookups: Mapping[str, Lookup]
    """By the same: what finds a model's rows."""


def read() -> Topics:
    """The tables of this package, read from disk: once, when the service starts.

    Raises:
        ValueError: A table is not as ``python -m services.enrichment.topics`` writes it; our bug.
    """
    names = read_taxonomy()
    models = {language: parsed(_lines(f"weights.{language}.tsv"), names) for language in STEMMERS}
    lookups = {one: Lookup(model.rows, STEMMERS[one]) for one, model in models.items()}
    return Topics(names, names.by_label(), models, lookups)


def read_taxonomy() -> Taxonomy:
    """The table of the Media Topics.

    Raises:
        ValueError: A line has another number of cells; our bug.
    """
    return taxonomy(_lines("mediatopics.tsv"))


def _lines(name: str) -> list[str]:
    return files(__name__).joinpath(name).read_text(encoding="utf-8").splitlines()
