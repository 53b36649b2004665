"""``python -m services.api run``."""

import sys

from services.api.main import main
from shared.telemetry import guarded

if __name__ == "__main__":
    if sys.argv[1:] != ["run"]:
        sys.exit("expected: python -m services.api run")
    sys.exit(guarded(main))
