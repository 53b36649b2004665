"""``python -m services.enrichment run``."""

import sys

from services.enrichment.main import main
from shared.telemetry import guarded

if __name__ == "__main__":
    sys.exit(guarded(main))
