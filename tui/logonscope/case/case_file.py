"""What the user keeps of one case, in one file for people to read: rows, notes, dismissals, the view, the hashes."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_state_path

from logonscope.config import ConfigProblem
from logonscope.errors import StoreError
from logonscope.state_file import change_state, evidence_key, read_state, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logonscope.config import Entry

SECTION = "case"
"""Of the settings."""
_FORM = 1
_HEAD = """\
# What was kept of one case by logonscope. Times are UTC. It may be read and edited by hand while nobody has the case
# open; what is no TOML any more is set aside as NAME.broken when the program next writes.

"""
_LAST = ("source",)
"""Sections that people look at least."""
_KEY_DIGITS = 12
_MOST_NAME = 40
_OLD_DIGITS = 24
_OLD_FOLDERS = {"bookmark": ("bookmarks", "bookmarks"), "dismissed": ("dismissed", "dismissed")}
"""Where earlier versions kept a section: the folder, and the name in the file there."""


class CaseFile:
    """The file of one case. Its methods do I/O: they belong into a thread.

    Args:
        paths: The evidence; with none (standard input) and no file, what is kept lasts as long as the program.
        file: Where to keep it, anywhere that the user names; a file in ``folder`` if None.
        folder: Where case files are kept; the user's state folder if None, or if it lies within the evidence.
    """

    def __init__(self, paths: Sequence[Path], file: Path | None = None, folder: Path | None = None) -> None:
        self._paths = tuple(paths)
        self._file = file
        self._folder = folder if folder and not _is_within(folder, self._paths) else None
        self._held: dict[str, Any] = {}
        self.is_kept = bool(paths) or file is not None
        """Whether it outlasts the program."""

    @property
    def path(self) -> Path:
        """Where it is.

        Raises:
            OutputError: The user's folder cannot be made.
        """
        if self._file is not None:
            return self._file
        return (self._folder or state_folder("cases")) / _name_of(self._paths)

    def section(self, name: str) -> Any:
        """What a section holds; None where nothing was kept.

        Raises:
            StoreError: The file cannot be read.
        """
        return self._section(self._read(), name)

    def change(self, name: str, change: Callable[[Any], Any]) -> Any:
        """Change a section, with what another process wrote meanwhile.

        Args:
            name: The section.
            change: Gets what it holds, or None; gives what it is to hold, fit for TOML.

        Returns:
            What it holds now.

        Raises:
            OutputError: The file cannot be written.
        """

        def changed(held: Any) -> dict[str, Any]:
            kept = held if isinstance(held, dict) else {}
            try:
                section = self._section(kept, name)
            except StoreError:
                section = None  # an old file that is broken stays where it is
            whole = self._begun(kept) | {name: change(section)}
            return dict(sorted(whole.items(), key=lambda entry: entry[0] in _LAST))

        if self.is_kept:
            return change_state(self.path, changed, _HEAD)[name]
        self._held = changed(self._held)
        return self._held[name]

    def _read(self) -> dict[str, Any]:
        held = read_state(self.path) if self.is_kept else self._held
        return held if isinstance(held, dict) else {}

    def _begun(self, kept: dict[str, Any]) -> dict[str, Any]:
        return {"form": _FORM, "evidence": [str(path.absolute()) for path in self._paths], **kept}

    def _section(self, held: dict[str, Any], name: str) -> Any:
        """What it holds, or what an earlier version kept elsewhere."""
        if name in held or not self._paths or name not in _OLD_FOLDERS:
            return held.get(name)
        folder, entry = _OLD_FOLDERS[name]
        old = user_state_path("logonscope") / folder / f"{evidence_key(self._paths)[:_OLD_DIGITS]}.json"
        kept = read_state(old)
        return kept.get(entry) if isinstance(kept, dict) else None


def _is_within(folder: Path, evidence: Sequence[Path]) -> bool:
    place = folder.resolve()
    return any(part.resolve() in (place, *place.parents) for part in evidence)


def chosen_folder(entries: Iterable[Entry]) -> tuple[Path | None, list[ConfigProblem]]:
    """Where the user's settings say that case files are kept, and what of that does not hold.

    Args:
        entries: Those of the section ``case``.
    """
    folder: Path | None = None
    problems: list[ConfigProblem] = []
    for entry in entries:
        if entry.name != "folder":
            near = "; did you mean folder?" if get_close_matches(entry.name, ["folder"]) else ""
            problems.append(ConfigProblem(entry.line, f"[{SECTION}] {entry.name} is not a setting{near}"))
        elif not isinstance(entry.value, str) or not Path(entry.value).expanduser().is_absolute():
            problems.append(ConfigProblem(entry.line, "the folder of the cases must be a whole path, as ~/cases"))
        else:
            folder = Path(entry.value).expanduser()
    return folder, problems


def _name_of(paths: Sequence[Path]) -> str:
    """A name that people know again, and that no other evidence has."""
    first = min((path.absolute().name for path in paths), default="")
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '_', first)[:_MOST_NAME]}-{evidence_key(paths)[:_KEY_DIGITS]}.toml"
