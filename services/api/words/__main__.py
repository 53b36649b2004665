"""``make messages``: gather the texts of the pages and bring the catalogues up to them."""

from __future__ import annotations

import sys

from services.api.words.extracting import write

for code, count in write().items():
    sys.stdout.write(f"{code}: {count} to translate\n")
