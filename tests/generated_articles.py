"""Articles with copies, excerpts, templates and revisions among them; the same for every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from shared.events import ArticleEvent
from tests.wire_builders import at, received, released, revised, revoked, withdrawn, withheld

PLACES = ("Almaty", "Bishkek", "Dushanbe", "Tashkent", "Ashgabat", "Pavlodar", "Osh", "Khujand")
STEMS = ("rail", "grain", "water", "steel", "harvest", "budget", "school", "tariff", "bridge")
ENDS = ("way", "board", "works", "plan", "market", "season", "reform", "fund", "station", "price")
WORDS = [stem + end for stem in STEMS for end in ENDS]


def history(count: int, seed: int = 7) -> Iterator[ArticleEvent]:
    """So many events: four articles of ten say something new, the others take it over."""
    dice = random.Random(seed)
    texts: list[tuple[str, tuple[str, ...]]] = []
    for number in range(count):
        said = {"observed_at": at(0) + timedelta(minutes=20 * number), "source": _source(dice)}
        yield _event(number, texts, said, dice)


def _event(number: int, texts: list[Any], said: dict[str, Any], dice: random.Random) -> Any:
    words: dict[str, Any]
    if number > 20 and number % 29 == 0:
        return _decision(number, dice)
    kind = dice.choice("nnnnccextr") if texts else "n"
    one, body = dice.choice(texts) if texts else ("", ())
    match kind:
        case "c":
            words = {"body": (*body, f"Reporting by desk {number}.")}
        case "e":
            words = {"body": body[: max(2, len(body) // 3)]}
        case "x":
            words = {"body": body, "headline": f"Headline of {one}"}
        case "t":
            words = {"body": tuple(_other_numbers(text, number) for text in body)}
        case "r":
            changed = {"body": (*body, f"It was {number} in all."), **said}
            return revised(one, number, **{"headline": f"Headline of {one}", **changed})
        case _:
            words = {"body": tuple(_paragraph(dice) for _ in range(dice.randint(2, 6)))}
    texts.append((f"a{number}", words["body"]))
    published = {"published_at": said["observed_at"] - timedelta(minutes=dice.randint(0, 90))}
    return received(f"a{number}", **words, **said, **published)


def _decision(number: int, dice: random.Random) -> ArticleEvent:
    some = f"a{dice.randint(0, number - 10)}"
    match number % 4:
        case 0:
            return withdrawn(some)
        case 1:
            return withheld(some)
        case 2:
            return revoked(some, f"a{dice.randint(0, number - 1)}")
        case _:
            return released(some)


def _paragraph(dice: random.Random) -> str:
    words = [dice.choice(WORDS) for _ in range(dice.randint(12, 40))]
    words[3] = dice.choice(PLACES)
    words.insert(5, str(dice.randint(2, 900)))
    return " ".join(words) + "."


def _other_numbers(text: str, number: int) -> str:
    return " ".join(str(int(w) + 1_000 + number) if w.isdigit() else w for w in text.split())


def _source(dice: random.Random) -> str:
    return dice.choice(("steppe-courier", "silk-road", "pamir-observer"))
