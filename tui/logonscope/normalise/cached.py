"""Look-ups of a whole column at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LARGEST = 200_000


class Cached(dict[Any, Any]):
    """A function of one field value that remembers its answers.

    Args:
        function: Turns a raw field value into the value to keep; must not raise.
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, raw: Any) -> Any:
        answer = self._function(raw)
        self[raw] = answer
        return answer

    def trim(self) -> None:
        """Forget everything once too much is remembered: logon IDs are new in every session."""
        if len(self) > _LARGEST:
            self.clear()


def looked_up(table: dict[Any, Any], column: Sequence[Any]) -> list[Any]:
    """Look up every value of a column.

    Args:
        table: A dict that answers for unknown keys itself.
        column: Raw values; objects and arrays are looked up by their text.
    """
    if column and column.count(None) == len(column):
        return [table[None]] * len(column)
    try:
        return list(map(table.__getitem__, column))
    except TypeError:
        return [table[_hashable(value)] for value in column]


def _hashable(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_hashable(part) for part in value)
    if isinstance(value, dict):
        return _hashable(value.get("#text"))
    return json.dumps(value) if isinstance(value, list) else value
