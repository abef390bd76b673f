"""Text for people: log text made harmless, times, durations, counts.

Log contents are written by attackers. Whatever is drawn, printed, copied or exported passes ``sanitise``.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_COMBINING_RUN = 2
_UNITS = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"))
_ELLIPSIS = "…"
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by name that are drawn as nothing."""


def sanitise(text: str) -> str:
    r"""Make every character of a log's text visible, so that none can act on a terminal.

    Control characters (C0, DEL, C1), bidirectional overrides, zero-width characters, letters that are drawn as
    nothing, line and paragraph separators, lone surrogates, unassigned code points and long runs of combining marks
    come out as backslash escapes (``\x1b``, ``\u202e``). The result is one line.

    Args:
        text: Any string.

    Returns:
        The same text where it is harmless; a string of printable characters in any case.
    """
    return with_escapes(text, _escape)


def with_escapes(text: str, escape: Callable[[str], str]) -> str:
    """Write every character that ``sanitise`` would not let through in another way.

    Args:
        text: Any string.
        escape: Writes one such character in printable ASCII.
    """
    if text.isascii() and text.isprintable():
        return text
    parts: list[str] = []
    marks = _COMBINING_RUN  # a mark at the very start would sit on the cell before it
    for character in text:
        if unicodedata.category(character)[0] == "M":
            marks += 1
            parts.append(character if marks <= _COMBINING_RUN else escape(character))
        else:
            marks = 0
            is_seen = character.isprintable() and character not in _BLANKS
            parts.append(character if is_seen else escape(character))
    return "".join(parts)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def shorten(text: str, limit: int) -> str:
    """Cut a text to a number of characters, with an ellipsis where something was cut.

    Args:
        text: Any string.
        limit: Greatest number of characters in the result; at least 1.

    Returns:
        The text, or its beginning and an ellipsis.
    """
    return text if len(text) <= limit else text[: limit - 1] + _ELLIPSIS


def shorten_start(text: str, limit: int) -> str:
    """Cut a text to its last characters, as ``shorten`` does to its first.

    Args:
        text: Any string.
        limit: Greatest number of characters in the result; at least 2.
    """
    return text if len(text) <= limit else _ELLIPSIS + text[1 - limit :]


def time_text(time: datetime | None, *, seconds_only: bool = True) -> str:
    """Write a UTC time as ``2026-03-02 09:00:02``, with microseconds on request.

    Args:
        time: A naive datetime in UTC, or None.
        seconds_only: Leave out the fraction of the second.

    Returns:
        The text, or ``-`` for None.
    """
    if time is None:
        return "-"
    return time.isoformat(" ", "seconds" if seconds_only else "microseconds")


def exact_time_text(time: datetime | None, tick: int) -> str:
    """Write a UTC time with all seven digits that Windows keeps: ``2026-03-02T09:00:02.1234567Z``.

    Args:
        time: A naive datetime in UTC, or None.
        tick: The tenths of a microsecond, 0 to 9.

    Returns:
        The text, or ``-`` for None.
    """
    return "-" if time is None else f"{time.isoformat(timespec='microseconds')}{tick}Z"


def duration_text(microseconds: int | None) -> str:
    """Write a duration with its two largest units: ``2d 03h``, ``8h 25m``, ``3m 07s``, ``4.2s``.

    Args:
        microseconds: The duration, or None.

    Returns:
        The text, or ``-`` for None.
    """
    if microseconds is None:
        return "-"
    sign = "-" if microseconds < 0 else ""
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    if seconds < 60:
        tenths = fraction // 100_000
        return f"{sign}{seconds}.{tenths}s" if tenths and seconds < 10 else f"{sign}{seconds}s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{sign}{minutes}m {seconds:02d}s"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{sign}{hours}h {minutes:02d}m"
    return f"{sign}{hours // 24}d {hours % 24:02d}h"


def duration_range_text(least: int | None, most: int | None) -> str:
    """Write a duration that is known between two limits: ``8h 25m``, ``>=2h 05m``, ``<=4h``, ``1h..4h``.

    An upper limit is rounded up and a lower one down, so that what is written stays true.

    Args:
        least: Microseconds, or None where there is no lower limit.
        most: Microseconds, or None where there is no upper limit.

    Returns:
        The text, or ``-`` where there is no limit.
    """
    if least == most:
        return duration_text(least)
    if most is None:
        return f">={duration_text(least)}"
    unit, letter = _unit_of(most)
    upper = f"{-(-most // unit)}{letter}"
    if least is None:
        return f"<={upper}"
    unit, letter = _unit_of(least)
    return f"{least // unit}{letter}..{upper}"


def _unit_of(length: int) -> tuple[int, str]:
    """The largest unit that fits into a duration."""
    return next((unit for unit in _UNITS if unit[0] <= abs(length)), _UNITS[-1])


def bytes_text(count: int) -> str:
    """Write a number of bytes: ``512 B``, ``4.2 MB``.

    Args:
        count: Bytes, at least 0.

    Returns:
        The text, in decimal units.
    """
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def hex_id(logon_id: int | None) -> str:
    """Write a logon ID as Windows does: ``0x3e7``; ``-`` for None."""
    return "-" if logon_id is None else f"{logon_id:#x}"


def plural(count: int, singular: str, several: str = "") -> str:
    """Write a count with its noun: ``1 record``, ``2,260 records``.

    Args:
        count: How many.
        singular: The noun for one.
        several: The noun for more, where it is not the singular with an s.
    """
    return f"{count:,} {singular if count == 1 else several or singular + 's'}"


def utc_now() -> datetime:
    """The present time as a naive datetime in UTC, to the second."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def microseconds(span: timedelta) -> int:
    """The length of a time span in whole microseconds, without loss."""
    return span // timedelta(microseconds=1)
