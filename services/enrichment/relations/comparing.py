"""How one text stands to another: which of it stands there, and with which numbers. Pure.

The thresholds are of containment: the share of the smaller text's shingles that the other one has.
The guards of numbers and of slots keep apart what is written by one template on two days, where
every other measure of likeness takes them for copies. Figures and peers: docs/relations.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from services.enrichment.relations.shingles import Shingled
from services.enrichment.relations.slots import Agreement, Part, agreements, is_same_form
from shared.news import RelationKind

METHOD: Final = "relations/1"

NEAR_DUPLICATE: Final = 0.60
"""Containment from which the smaller text says nothing of its own."""
DERIVED: Final = 0.35
"""Containment from which one text was written with the other at hand."""
EXCERPT_RATIO: Final = 0.5
"""Sizes smaller to larger; below it the smaller text is an excerpt of the larger one."""
SHINGLES_SHARED_MIN: Final = 30
"""An excerpt, or what was derived, has these in common at least; below it is a caption, a notice, a
signature. A short text is no excerpt for the same reason."""
NUMBERS_SHARED_MIN: Final = 0.5
"""Share of the smaller set of numbers that two texts on one matter have in common."""
SLOTS_DIFFERING: Final[dict[Part, float]] = {
    "figures": 0.5,
    "days": 0.3,
    "names": 0.15,
    "directions": 0.5,
}
"""Share of the slots in common from which two texts are of two days, or of two places. Copies hold
the same in nearly all: they differ in a byline, a corrected figure, the spelling of a name."""
FIGURES_FEW: Final = 5
"""Slots with figures that are looked at; where there are more, the number guard sees enough, and a
running tally may change most of them from one version to the next."""
FORM_WORDS_MAX: Final = 180
"""Words of what is filled in by a form: a bulletin, a fixing, a notice."""
FORM_SAME_WORDS_MAX: Final = 300
"""The same of two texts whose running text is the same from the first to the last word."""
FORM_SAME_DIFFERING: Final = 2
"""Slots in which these longer texts differ at least: one may be a slip of the pen."""
FORM_DIFFERING: Final[dict[Part, int]] = {"figures": 2, "days": 1, "names": 1, "directions": 1}
"""Slots from which two texts by a form are two notes, however many constants the form has: hours,
thresholds, telephone numbers. One figure may be corrected; a day is not."""
SHORT_LIKENESS: Final = 0.8
"""Jaccard of the words of two short texts; their numbers must be the same."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two texts have in common, seen from ``this`` one."""

    kind: RelationKind | None
    """How ``this`` stands to the other; None: they have too little in common."""
    shared: int
    """Shingles that both have; of two short texts, words."""
    of_this: int
    of_other: int
    """Shingles, or words, of each."""
    numbers_shared: int
    numbers_differing: int
    """Numbers that only one of them has."""
    threshold: float
    slots_differing: str = ""
    """Of two by one template: which of their slots hold something else, ``names 2 of 7``."""

    @property
    def containment(self) -> float:
        """Share of the smaller text that stands in the larger one, 0–1."""
        return self.shared / (min(self.of_this, self.of_other) or 1)

    def evidence(self) -> dict[str, str]:
        """The figures, as they stand in an event."""
        slots = {"slots_differing": self.slots_differing} if self.slots_differing else {}
        return {
            "shared_shingles": str(self.shared),
            "in_other": _share(self.shared, self.of_this),
            "of_other": _share(self.shared, self.of_other),
            "numbers_shared": str(self.numbers_shared),
            "numbers_differing": str(self.numbers_differing),
            "threshold": f"{self.threshold:.2f}",
            **slots,
        }


def compare(this: Shingled, other: Shingled) -> Comparison:
    """How a text stands to another one."""
    if this.is_short and other.is_short:
        sizes = len(this.bag), len(other.bag)
        shared = len(this.bag & other.bag)
        kind, threshold = _short_kind(this, other, shared), SHORT_LIKENESS
    else:
        sizes = len(this.shingles), len(other.shingles)
        shared = len(np.intersect1d(this.shingles, other.shingles, assume_unique=True))
        kind, threshold = _kind(this, other, shared)
    said = Comparison(
        kind=kind,
        shared=shared,
        of_this=sizes[0],
        of_other=sizes[1],
        numbers_shared=len(this.numbers & other.numbers),
        numbers_differing=len(this.numbers ^ other.numbers),
        threshold=threshold,
    )
    return _unless_other_slots(said, this, other)


def _unless_other_slots(said: Comparison, this: Shingled, other: Shingled) -> Comparison:
    """The comparison, or that of two texts by one template where their slots hold other things."""
    if said.kind != "near_duplicate":
        return said  # a template writes texts of one size: no excerpts
    agreed = agreements(this.said, other.said)
    is_form = _is_form(this, other, sum(one.other for one in agreed.values()))
    enough = FORM_DIFFERING if is_form else {}
    for part, agreement in agreed.items():
        threshold = _threshold(part, agreement, enough.get(part))
        if threshold is not None:
            of = agreement.same + agreement.other
            return replace(
                said,
                kind="template_sibling",
                threshold=threshold,
                slots_differing=f"{part} {agreement.other} of {of}",
            )
    return said


def _is_form(this: Shingled, other: Shingled, differing: int) -> bool:
    """Whether single slots tell: of short texts; of longer ones where neither adds anything."""
    words = max(this.words, other.words)
    if words <= FORM_WORDS_MAX:
        return True
    is_longer_form = words <= FORM_SAME_WORDS_MAX and differing >= FORM_SAME_DIFFERING
    return is_longer_form and is_same_form(this.said, other.said)


def _threshold(part: Part, agreement: Agreement, enough: int | None) -> float | None:
    """From which number or share of slots these differ by a template; None: they do not.

    ``enough`` is the number from which single slots tell, None where only their share does.
    """
    if enough is not None and agreement.other >= enough:
        return float(enough)
    of = agreement.same + agreement.other
    is_counted = part != "figures" or (of <= FIGURES_FEW and (agreement.other > 1 or of == 1))
    is_other = agreement.other > 0 and agreement.differing >= SLOTS_DIFFERING[part]
    return SLOTS_DIFFERING[part] if is_counted and is_other else None


def _kind(this: Shingled, other: Shingled, shared: int) -> tuple[RelationKind | None, float]:
    sizes = len(this.shingles), len(other.shingles)
    containment = shared / (min(sizes) or 1)
    if containment < DERIVED:
        return None, DERIVED
    if differ_in_numbers(this, other):
        return "template_sibling", NUMBERS_SHARED_MIN
    if containment < NEAR_DUPLICATE:
        return ("derived", DERIVED) if shared >= SHINGLES_SHARED_MIN else (None, DERIVED)
    if min(sizes) >= EXCERPT_RATIO * max(sizes):
        return "near_duplicate", NEAR_DUPLICATE
    if shared < SHINGLES_SHARED_MIN or this.is_short or other.is_short:
        return None, NEAR_DUPLICATE
    return ("excerpt_of" if sizes[0] < sizes[1] else "contains"), NEAR_DUPLICATE


def differ_in_numbers(this: Shingled, other: Shingled) -> bool:
    """The number guard: both have numbers, and fewer than half of the smaller set are common."""
    smaller = min(len(this.numbers), len(other.numbers))
    return smaller > 0 and len(this.numbers & other.numbers) < NUMBERS_SHARED_MIN * smaller


def _short_kind(this: Shingled, other: Shingled, shared: int) -> RelationKind | None:
    if not shared or shared < SHORT_LIKENESS * len(this.bag | other.bag):
        return None
    return "near_duplicate" if this.numbers == other.numbers else "template_sibling"


def _share(shared: int, of: int) -> str:
    return f"{shared / (of or 1):.3f}"
