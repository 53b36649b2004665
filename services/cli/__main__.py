"""The console entry ``newswire``, also ``python -m services.cli``."""

from __future__ import annotations

import sys

from services.cli.main import app
from services.cli.stack import NoStack
from shared.errors import NewswireError
from shared.printing import flushed


def main() -> None:
    """Run the command line. A planned error is a sentence on stderr: exit 1, 2 without a stack."""
    try:
        with flushed():
            app()
    except NewswireError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2 if isinstance(error, NoStack) else 1)


if __name__ == "__main__":
    main()
