"""``python -m services.enrichment run``."""

import sys

from services.enrichment.main import main

if __name__ == "__main__":
    sys.exit(main())
