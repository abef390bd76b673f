"""What the user keeps of one set of evidence: a file of the user's own, never beside the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.state_file import change_state, evidence_key, read_state, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class KeptFile:
    """A file for one set of evidence. Its methods do I/O: they belong into a thread.

    Args:
        folder: What is kept, the name of its folder among the user's.
        paths: The files and folders of the case; with none (standard input), it lasts as long as the program.
    """

    def __init__(self, folder: str, paths: Sequence[Path]) -> None:
        self._folder = folder
        self._name = f"{evidence_key(paths)[:24]}.json"
        self._held: Any = None
        self.is_kept = bool(paths)
        """Whether it outlasts the program."""

    @property
    def path(self) -> Path:
        """Where it is.

        Raises:
            OutputError: The folder cannot be made.
        """
        return state_folder(self._folder) / self._name

    def read_state(self) -> Any:
        """What it holds, None at first.

        Raises:
            StoreError: The file cannot be read.
        """
        return read_state(self.path) if self.is_kept else self._held

    def change_state(self, change: Callable[[Any], Any]) -> Any:
        """Change what it holds, with what another process wrote meanwhile.

        Args:
            change: Gets what it holds, or None; gives what it is to hold, fit for JSON.

        Returns:
            What it holds now.

        Raises:
            OutputError: The file cannot be written.
        """
        if self.is_kept:
            return change_state(self.path, change)
        self._held = change(self._held)
        return self._held
