"""``sources.toml`` on the disk: read again when it changes, written whole or not at all."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from services.ingest.files import read as read_file
from services.ingest.parse.document import Problem
from services.ingest.sources import config
from services.ingest.sources.config import FILE_BYTES_MAX, SourceConfig
from shared.errors import Rejected

_NOTHING: Final = (0, 0)
_BARRED: Final = (-1, -1)
"""It may be there: the system does not let us look."""


@dataclass(slots=True)
class SourcesFile:
    """The file, and what it said when it was read last."""

    path: Path
    sources: tuple[SourceConfig, ...] = ()
    is_known: bool = False
    """Whether a file was ever read; else nobody knows what the sources are, not even that there
    are none."""
    _stamp: tuple[int, int] | None = None
    """Modification time and size of what was read last; None: nothing was yet."""
    problem: str | None = field(default=None)
    """Why the file as it is now is not followed; None: it is."""

    def has_changed(self) -> bool:
        """Whether the file is another than was read last; it is read then.

        A file that cannot be read, or is gone, changes nothing: ``sources`` stay, ``problem`` says
        why. Editors take a file away for a moment, and so does a volume that is not mounted.
        """
        stamp = self._found()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._follow(self._text())
        except Rejected as error:
            self.problem = str(error) if str(self.path) in str(error) else f"{self.path}: {error}"
        return True

    def _follow(self, text: str | None) -> None:
        if text is None and self.is_known:
            raise Rejected("it is gone; its sources go on, write an empty one to end them")
        self.sources, self.problem = config.read((text or "").encode()), None
        self.is_known = text is not None

    def text(self) -> str:
        """What it holds; empty without a file.

        Raises:
            Rejected: it cannot be read, or is no text.
        """
        return self._text() or ""

    def _text(self) -> str | None:
        """What it holds; None: there is no file."""
        if self._found() == _NOTHING:
            return None
        data = read_file(self.path, FILE_BYTES_MAX)
        if isinstance(data, Problem):
            raise Rejected(f"{data.where}: {data.detail}")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Rejected(f"{self.path}: expected UTF-8, came other bytes") from error

    def write(self, text: str) -> None:
        """Put a text in its place.

        Raises:
            Rejected: the system does not let us.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            mode = self.path.stat().st_mode & 0o777 if self.path.exists() else 0o644
            with NamedTemporaryFile(dir=self.path.parent, delete=False) as draft:
                draft.write(text.encode())
                draft.flush()
                os.fsync(draft.fileno())
            Path(draft.name).chmod(mode)
            Path(draft.name).replace(self.path)
        except OSError as error:
            raise Rejected(f"{self.path} cannot be written: {error.strerror}") from error

    def _found(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return _NOTHING
        except OSError:
            return _BARRED
        return found.st_mtime_ns, found.st_size
