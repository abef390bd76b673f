"""What a filter needs to know of a case to be compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from logonscope.filters.match import Accounts, Fits


@dataclass(frozen=True, slots=True)
class Lookup:
    """The texts and names of one case, as far as it is loaded."""

    texts: dict[str, Sequence[str]] = field(default_factory=dict)
    """The texts of each dim, by column; the position is the code."""
    accounts: Sequence[tuple[str, str, str]] = ()
    """(SID, name, domain) by account code."""
    person_of: Sequence[int] = ()
    """Person by account code; 0 for accounts that are no people."""
    machine_names: dict[int, str] = field(default_factory=dict)
    """Machine number to name."""
    computers_of: dict[int, frozenset[int]] = field(default_factory=dict)
    """Machine number to codes of the computer names that it bore."""
    log_end: datetime | None = None
    """Time of the last record."""

    def codes(self, column: str, fits: Fits) -> list[int]:
        """Codes of a dim whose text fits."""
        return _codes(fits(self.texts.get(column, ())))

    def account_codes(self, fits: Callable[[Accounts], list[bool]]) -> list[int]:
        """Codes of accounts that fit, and of all other names that the same people go by."""
        direct = _codes(fits(self.accounts))
        known = len(self.person_of)
        people = {self.person_of[code] for code in direct if code < known} - {0}
        same = [code for code, person in enumerate(self.person_of) if person in people] if people else []
        return sorted({*direct, *same})


def _codes(flags: list[bool]) -> list[int]:
    """Where a test came out true; code 0 is the empty text, which nothing fits."""
    return [code for code, fits in enumerate(flags) if fits and code]
