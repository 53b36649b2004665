"""Notes that a desk writes from a form of tests/labelled/templates.toml; the same every time.

Each template yields several series of notes. The notes of a series differ in one way alone, which
is its name; any two notes of this module are different news.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

FILE: Final = Path(__file__).parents[1] / "labelled" / "templates.toml"
SEED: Final = 20260302
FIRST: Final = date(2026, 3, 2)
SPAN_DAYS: Final = 26
DRIFT_KEPT: Final = 0.8
TRIES_MAX: Final = 40

Half: TypeAlias = Literal["tuned", "kept"]
Slots: TypeAlias = Mapping[str, str]

SLOT: Final = re.compile(r"\{(\w+)\}")
READ: Final[Mapping[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))


@dataclass(frozen=True)
class Template:
    """A form: its text with slots, and what may stand in them."""

    name: str
    kind: str
    lang: str
    headline: str
    text: str
    numbers: Mapping[str, str]
    names: Mapping[str, str]
    directions: Mapping[str, str]
    editions: bool
    half: Half


@dataclass(frozen=True)
class Note:
    """A text as a publisher would send it. `news` is the same for copies of one note alone."""

    news: str
    template: str
    change: str
    source: str
    lang: str
    headline: str
    text: str
    at: datetime
    half: Half

    @property
    def words(self) -> int:
        """How many words its text has, without the headline."""
        return len(self.text.split())


@dataclass(frozen=True)
class Series:
    """What the notes of one series differ in, how many they are, and whether days pass."""

    change: str
    notes: int
    anew: Callable[[Template, random.Random], Collection[str]]


def templates() -> tuple[Template, ...]:
    """All templates, every second one kept from whoever changes a rule."""
    return tuple(_template(one, place) for place, one in enumerate(READ["template"]))


def notes() -> tuple[Note, ...]:
    """Every note of every template, in the order of their publication."""
    made = [note for template in templates() for note in _notes(template)]
    return tuple(sorted(made, key=lambda note: (note.at, note.news)))


def stories() -> tuple[Note, ...]:
    """The stories that come once, a day apart."""
    return tuple(
        Note(
            news=f"story/{one['name']}",
            template=one["name"],
            change="story",
            source="meridian-agency",
            lang=one["lang"],
            headline=one["headline"],
            text=one["text"].strip(),
            at=_at(FIRST + timedelta(days=2 * place), place, random.Random(place)),
            half="kept" if place % 2 else "tuned",
        )
        for place, one in enumerate(READ["story"])
    )


def _template(read: Mapping[str, Any], place: int) -> Template:
    return Template(
        name=read["name"],
        kind=read["kind"],
        lang=read["lang"],
        headline=read["headline"],
        text=read["text"].strip(),
        numbers=read["numbers"],
        names=read.get("names", {}),
        directions=read.get("directions", {}),
        editions=read.get("editions", False),
        half="kept" if place % 2 else "tuned",
    )


def _one_or_two(template: Template, rng: random.Random) -> Collection[str]:
    return rng.sample(sorted(template.numbers), min(len(template.numbers), rng.randint(1, 2)))


def _a_fifth(template: Template, rng: random.Random) -> Collection[str]:
    slots = sorted([*template.numbers, *template.names, *template.directions])
    return rng.sample(slots, max(1, round(len(slots) * (1 - DRIFT_KEPT))))


def _one_name(template: Template, rng: random.Random) -> Collection[str]:
    return rng.sample(sorted(template.names), min(1, len(template.names)))


SERIES: Final = (
    Series("all", 6, lambda one, _: (*one.numbers, *one.names, *one.directions)),
    Series("numbers", 5, lambda one, _: tuple(one.numbers)),
    Series("few numbers", 4, _one_or_two),
    Series("names", 4, _one_name),
    Series("directions", 2, lambda one, _: tuple(one.directions)),
    Series("day", 3, lambda *_: ()),
    Series("next day", 4, _a_fifth),
)
# A city's bulletin and a company's results come beside those of others, on the same day.
SAME_DAY: Final = "names"


def _notes(template: Template) -> Iterator[Note]:
    rng = random.Random(f"{SEED}/{template.name}")
    seen: set[str] = set()
    for series in SERIES:
        day = FIRST + timedelta(days=rng.randrange(SPAN_DAYS - 8))
        slots = _drawn(
            template, (*template.numbers, *template.names, *template.directions), {}, rng
        )
        for place in range(series.notes):
            note = _note(template, series, slots, day, len(seen))
            if note.text not in seen:
                seen.add(note.text)
                yield note
            before = slots
            for _ in range(TRIES_MAX):
                slots = _drawn(template, series.anew(template, rng), before, rng)
                if slots != before:
                    break
            day = _next(day, template, series, place)


def _next(day: date, template: Template, series: Series, place: int) -> date:
    if series.change == SAME_DAY or (template.editions and place % 2 == 0):
        return day
    return day + timedelta(days=1)


def _note(template: Template, series: Series, slots: Slots, day: date, number: int) -> Note:
    filled = {**slots, **_days(day, template.lang)}
    return Note(
        news=f"{template.name}/{number}",
        template=template.name,
        change=series.change,
        source=f"{template.lang}-desk-{'b' if number % 7 == 3 else 'a'}",
        lang=template.lang,
        headline=_fill(template.headline, filled),
        text=_fill(template.text, filled),
        at=_at(day, number, random.Random(f"{SEED}/{template.name}/{number}")),
        half=template.half,
    )


def _at(day: date, number: int, rng: random.Random) -> datetime:
    return datetime.combine(day, time(6 + number % 12, rng.randrange(60)), UTC)


def _fill(text: str, slots: Slots) -> str:
    return SLOT.sub(lambda found: slots[found[1]], text)


def _drawn(
    template: Template, anew: Collection[str], before: Slots, rng: random.Random
) -> dict[str, str]:
    drawn = dict(before)
    for name, spec in (*template.numbers.items(),):
        if name in anew:
            drawn[name] = _number(spec, rng)
    for name, spec in (*template.names.items(), *template.directions.items()):
        if name in anew:
            others = [one for one in spec.split("|") if one != before.get(name)]
            drawn[name] = rng.choice(others)
    return drawn


def _number(spec: str, rng: random.Random) -> str:
    low, high = spec.split("..")
    if ":" in low:
        minutes = rng.randint(_minutes(low), _minutes(high))
        return f"{minutes // 60:02}:{minutes % 60:02}"
    places = len(re.split(r"[.,]", low)[-1]) if _is_decimal(low) else 0
    value = rng.randint(_units(low, places), _units(high, places))
    whole, rest = divmod(abs(value), 10**places)
    separator = next((one for one in (",", " ") if re.search(rf"\d{one}\d{{3}}(?!\d)", low)), "")
    if places and separator == ",":
        separator = "," if "." in low else ""
    text = f"{whole:,}".replace(",", separator) if separator else str(whole)
    mark = "." if "." in low else ","
    return f"{'-' if value < 0 else ''}{text}{f'{mark}{rest:0{places}}' if places else ''}"


def _is_decimal(text: str) -> bool:
    return "." in text or re.search(r",\d{1,2}$", text) is not None


def _units(text: str, places: int) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = re.sub(r"\D", "", text)
    return sign * int(digits) if places or digits else 0


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _days(day: date, lang: str) -> dict[str, str]:
    after = day + timedelta(days=1)
    return {
        "day": _long(day, lang),
        "shortday": _short(day, lang),
        "tomorrow": _short(after, lang),
        "date": f"{day:%d.%m.%Y}",
        "weekday": READ["calendar"][lang]["weekdays"][day.weekday()],
        "month": READ["calendar"][lang]["months"][day.month % 12],
    }


def _short(day: date, lang: str) -> str:
    month = READ["calendar"][lang]["months"][day.month - 1]
    return f"{day.day}-{month}" if lang == "uz" else f"{day.day} {month}"


def _long(day: date, lang: str) -> str:
    if lang in ("kk", "uz"):
        return f"{day.year} {_short(day, lang)}"
    return f"{_short(day, lang)} {day.year}"
