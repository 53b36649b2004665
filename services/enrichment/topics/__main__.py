"""``python -m services.enrichment.topics``: learn the weights anew from the texts beside it."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

from services.enrichment.topics import read_taxonomy
from services.enrichment.topics.learning import Material, held_out, learn, measured
from services.enrichment.topics.samples import taxonomy_samples, text_samples, word_samples
from services.enrichment.topics.weights import printed
from services.enrichment.topics.words import STEMMERS

HERE: Final = Path(__file__).parent


def main() -> int:
    """Write ``weights.<language>.tsv``, and say how good the models are on texts held out."""
    for language in STEMMERS:
        found = material(language)
        lines = printed(learn(found), sources(language))
        HERE.joinpath(f"weights.{language}.tsv").write_text("\n".join(lines) + "\n", "utf-8")
        held = held_out(found)
        share = measured(held)
        right = sum(share[one.sample.top] for one in held) / len(held)
        sys.stdout.write(f"{language}: {right:.3f} of {len(held)} texts held out are right\n")
        for top, part in share.items():
            sys.stdout.write(f"  {top} {part:.2f}\n")
    return 0


def material(language: str) -> Material:
    """What a language's model is learned from.

    Raises:
        ValueError: A training text has no words.
        KeyError: A code is none of the taxonomy.
    """
    names = read_taxonomy()
    texts = [
        sample
        for path in _texts(language)
        for sample in text_samples(path.read_text("utf-8"), path.name.split(".")[0], language)
    ]
    words = HERE.joinpath(f"words.{language}.txt").read_text("utf-8")
    others = list(word_samples(words, names, language))
    if language == "en":
        others += taxonomy_samples(names)
    return Material(language, texts, others)


def sources(language: str) -> str:
    """The SHA-256 over the texts, words and definitions that a language is learned from."""
    every = [*_texts(language), HERE / f"words.{language}.txt", HERE / "mediatopics.tsv"]
    total = sha256()
    for path in every:
        total.update(sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _texts(language: str) -> list[Path]:
    return sorted(HERE.joinpath("training").glob(f"*.{language}.txt"))


if __name__ == "__main__":
    raise SystemExit(main())
