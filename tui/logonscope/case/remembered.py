"""What was last shown of a case: a section of the case file, taken back when the case is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from platformdirs import user_state_path

from logonscope.errors import StoreError
from logonscope.filters.syntax import MOST_CHARACTERS
from logonscope.knowledge.toml_file import fitted
from logonscope.state_file import evidence_key, read_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from logonscope.case.case_file import CaseFile

_SECTION = "view"
_OLD_FILE = "cases.json"
_MOST_FILTERS = 20


class Remembered(msgspec.Struct, frozen=True):
    """What was last shown of a case."""

    filter: str = ""
    off: tuple[tuple[int, str], ...] = ()
    """Parts of the filter that are turned off, with their places."""
    typed: tuple[str, ...] = ()
    """Filters that were typed, the latest last."""
    pane: str = ""
    scope: str = ""
    around: int = 0
    order: dict[str, str] = {}
    """What each pane is sorted by; a minus before it where the order is turned round."""
    beside: str = ""
    """What stands beside UTC: a mode of ``facts.beside``."""
    zone: str = ""
    """The zone of the mode ``zone``."""
    cursor: tuple[str, ...] = ()
    """The row under the cursor: its kind and what names it (``RowRef``)."""

    def still_at(self, before: Remembered) -> Remembered:
        """The same with the zone and the cursor of before, where these have not been taken back yet."""
        return msgspec.structs.replace(self, beside=before.beside, zone=before.zone, cursor=before.cursor)


def recall(file: CaseFile, paths: Sequence[Path]) -> Remembered:
    """What is kept of a case; nothing where nothing is, or where the file cannot be read.

    Args:
        file: The file of the case.
        paths: The evidence: an earlier version kept all cases in one file.
    """
    try:
        held = file.section(_SECTION)
        if held is None and paths:
            cases = read_state(user_state_path("logonscope") / _OLD_FILE)
            held = cases.get(evidence_key(paths)) if isinstance(cases, dict) else None
        return fitted(held or {}, Remembered)
    except (StoreError, msgspec.ValidationError):
        return Remembered()


def remember(file: CaseFile, shown: Remembered) -> None:
    """Keep what is shown of a case; a file that cannot be read is not set aside for that.

    Args:
        file: The file of the case.
        shown: What to keep; a filter that is too long to be read again is not kept.

    Raises:
        OutputError: The file cannot be written.
    """
    try:
        file.section(_SECTION)
    except StoreError:
        return
    kept = msgspec.structs.replace(shown, typed=shown.typed[-_MOST_FILTERS:])
    if sum(map(len, (kept.filter, *(text for _, text in kept.off)))) > MOST_CHARACTERS:
        kept = msgspec.structs.replace(kept, filter="", off=())
    file.change(_SECTION, lambda _: msgspec.to_builtins(kept))
