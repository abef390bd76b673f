"""Times as people's settings write them: taken where they can be read in one way only."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from logonscope.display import plural
from logonscope.readers.stamps import utc_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

Order = Literal["day first", "month first"]

_INVISIBLE = str.maketrans({"\u200e": "", "\u200f": "", "\u202f": " ", "\xa0": " "})
_TWO_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}),?\s+(.+)")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2}),?\s+(.+)")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)[:.](\d\d)(?:[.,](\d{1,9}))?(?:\s*([AP])\.?M\.?)?", re.IGNORECASE)
_NOON = 12
_DIGITS = 7


def day_order(texts: Iterable[str]) -> Order | None:
    """Which of the two numbers in dates like 5/11/2026 is the day, by those dates that leave no choice.

    Args:
        texts: Times of one file.

    Returns:
        None where none does, and where they contradict each other.
    """
    found: set[Order] = set()
    for text in texts:
        numbers = _TWO_NUMBERS.fullmatch(text.translate(_INVISIBLE).strip())
        if numbers is None or numbers[2] == ".":
            break  # the dates of such a file leave no choice
        if int(numbers[1]) > _NOON:
            found.add("day first")
        elif int(numbers[3]) > _NOON:
            found.add("month first")
    return found.pop() if len(found) == 1 else None


class LocalTimes:
    """Reads the times of one file.

    Args:
        shown: What ``day_order`` says of it.
        chosen: What the user says of files whose dates do not show it.
    """

    def __init__(self, shown: Order | None, chosen: Order | None = None) -> None:
        self._order, self._is_shown, self._chosen = shown or chosen, shown is not None, chosen
        self._ambiguous = self._ordered = self._unknown = self._without_zone = 0

    def __call__(self, text: str) -> tuple[str, str]:
        """Read a time.

        Args:
            text: With a zone, or taken for UTC.

        Returns:
            As ``utc_stamp``; two empty texts where it cannot be told.
        """
        text = text.translate(_INVISIBLE).strip()
        found = utc_stamp(text)
        if found is not None:
            self._without_zone += text[-1:] != "Z" and not re.search(r"[+-]\d\d:?\d\d\Z", text)
            return found
        found = self._local(text)
        if found is None:
            self._unknown += 1
            return "", ""
        self._without_zone += found[0] != ""
        return found

    def _local(self, text: str) -> tuple[str, str] | None:
        if year_first := _YEAR_FIRST.fullmatch(text):
            year, month, day, clock = year_first.groups()
            return _stamp(year, month, day, clock)
        two_numbers = _TWO_NUMBERS.fullmatch(text)
        if two_numbers is None:
            return None
        first, point, second, year, clock = two_numbers.groups()
        if point == "." or int(first) > _NOON or int(first) == int(second):
            return _stamp(year, second, first, clock)
        if int(second) > _NOON:
            return _stamp(year, first, second, clock)
        if self._order is None:
            self._ambiguous += 1
            return "", ""
        self._ordered += 1
        day, month = (first, second) if self._order == "day first" else (second, first)
        return _stamp(year, month, day, clock)

    @property
    def notes(self) -> list[str]:
        """What is to be known of the times read so far."""
        said = []
        if self._without_zone:
            said.append(
                "its times name no zone: they are the local times of the machine that wrote them, taken for UTC"
            )
        if self._ordered:
            why = "another date of the file shows" if self._is_shown else "--dates says; no date of the file decides"
            but = ", whatever --dates says" if self._is_shown and self._chosen not in (None, self._order) else ""
            said.append(f"dates like 5/11/2026 are read {self._order}, as {why}{but}")
        if self._ambiguous:
            said.append(
                f"{plural(self._ambiguous, 'event')} with a date that can be read in two ways (day or month first), "
                "and no other date of the file decides: no time is given; --dates day-first or month-first decides, or "
                "an export as XML"
            )
        if self._unknown:
            said.append(f"{plural(self._unknown, 'event')} with a time that could not be read")
        return said


def _stamp(year: str, month: str, day: str, clock: str) -> tuple[str, str] | None:
    found = _CLOCK.fullmatch(clock.strip())
    if found is None:
        return None
    hour = int(found[1])
    if found[5]:
        hour = hour % _NOON + (_NOON if found[5] in "pP" else 0)
    try:
        moment = datetime(int(year), int(month), int(day), hour, int(found[2]), int(found[3]))
    except ValueError:
        return None
    fraction = (found[4] or "").ljust(_DIGITS, "0")[:_DIGITS]
    return utc_stamp(f"{moment.isoformat()}.{fraction}")
