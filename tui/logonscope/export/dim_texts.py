"""The texts behind the codes of the store, for whole columns of codes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.filters.lookup import Lookup

_PARTS = {"account.sid": 0, "account.name": 1, "account.domain": 2}


class DimTexts:
    """Texts of one case. Joining them in the query costs a third of it.

    Args:
        lookup: What the case knows; it may grow meanwhile.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._made: dict[str, pa.StringArray] = {}

    def of(self, dim: str, codes: pa.Array) -> pa.StringArray:
        """The texts of a column of codes; null for empty ones.

        Args:
            dim: The dim, or ``account.sid``, ``account.name``, ``account.domain``.
            codes: The codes, each of which the case has by now.
        """
        part = _PARTS.get(dim)
        known: Sequence[object] = self._lookup.texts[dim] if part is None else self._lookup.accounts
        if len(self._made.get(dim, ())) < len(known):
            texts = self._lookup.texts[dim] if part is None else [account[part] for account in self._lookup.accounts]
            self._made[dim] = pa.array([text or None for text in texts], pa.string())
        return self._made[dim].take(codes)
