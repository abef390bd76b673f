"""The SHA-256 of the sources, as far as they are known."""

from __future__ import annotations

from threading import Lock


class SourceHashes:
    """Filled in by whoever computes them, asked by whoever cites a file; from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[int, str] = {}

    def note(self, number: int, sha256: str) -> None:
        """Enter the hash of a source.

        Args:
            number: The number of the source.
            sha256: 64 hexadecimal digits.
        """
        with self._lock:
            self._known[number] = sha256

    def known(self) -> dict[int, str]:
        """The hashes that are known, by the number of their source."""
        with self._lock:
            return dict(self._known)
