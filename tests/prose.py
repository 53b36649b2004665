"""Plain prose of which no two pieces are copies of each other."""

from __future__ import annotations

import random
from typing import Final

SUBJECTS: Final = (
    "timetables", "overhead wires", "winter coats", "the price of bread", "school holidays",
    "an old viaduct", "drivers from the south", "apple orchards", "brakes", "snow ploughs",
    "platform lamps", "ticket inspectors", "a mural", "pensioners", "bicycle racks", "rails",
    "the river bank", "morning fog", "spare parts", "apprentices", "night shifts", "a museum",
    "paint", "loudspeakers", "a football match", "benches", "hot tea", "umbrellas", "maps",
    "the last conductor", "a lost dog", "street musicians", "kiosks", "sand", "cobblestones",
)  # fmt: skip
"""What people speak of where something opens."""


def spoken_of(name: str, count: int) -> str:
    """So many subjects as a list in a sentence; others for another name."""
    *most, last = random.Random(name).sample(SUBJECTS, count)
    return f"{', '.join(most)} and {last}"
