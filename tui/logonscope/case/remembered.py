"""The last filters of each case, kept in the user's state folder: never beside the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from platformdirs import user_state_path

from logonscope.errors import StoreError
from logonscope.filters.syntax import MOST_CHARACTERS
from logonscope.knowledge.toml_file import fitted
from logonscope.state_file import change_state, evidence_key, read_state, state_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FILE = "cases.json"
_MOST_CASES = 200
_MOST_FILTERS = 20


class Remembered(msgspec.Struct, frozen=True):
    """What was last shown of a case."""

    filter: str = ""
    off: tuple[tuple[int, str], ...] = ()
    """Parts of the filter that are turned off, with their places."""
    typed: tuple[str, ...] = ()
    """Filters that were typed, the latest last."""


def recall(paths: Sequence[Path]) -> Remembered:
    """What is kept of a case; nothing where nothing is, or where the file cannot be read.

    Args:
        paths: The evidence.
    """
    try:
        held = read_state(user_state_path("logonscope") / _FILE)
    except StoreError:
        return Remembered()
    return _cases(held).get(evidence_key(paths), Remembered())


def remember(paths: Sequence[Path], shown: Remembered) -> None:
    """Keep what is shown of a case; the cases that were open longest ago are forgotten.

    Args:
        paths: The evidence.
        shown: What to keep.

    Raises:
        OutputError: The file cannot be written.
    """
    key = evidence_key(paths)

    def changed(held: object) -> object:
        cases = {other: kept for other, kept in _cases(held).items() if other != key}
        if sum(map(len, (shown.filter, *(text for _, text in shown.off)))) <= MOST_CHARACTERS:
            cases[key] = msgspec.structs.replace(shown, typed=shown.typed[-_MOST_FILTERS:])
        return msgspec.to_builtins(dict(list(cases.items())[-_MOST_CASES:]))

    change_state(state_folder() / _FILE, changed)


def _cases(held: object) -> dict[str, Remembered]:
    try:
        return fitted(held or {}, dict[str, Remembered])
    except msgspec.ValidationError:
        return {}
