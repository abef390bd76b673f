"""Fewer bytes for the same picture: what is drawn, rewritten for terminals at the other end of a slow line.

Textual sets and resets the style of every piece and the place of every line. Here a style is sent when it differs from
the one in force, a place when the cursor is not there already, and a run of blanks as "erase so many cells".
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, east_asian_width

_TOKEN = re.compile(
    r"\x1b\[([0-9;]*)m"  # 1: a style
    r"|\x1b\[(\d+);(\d+)H"  # 2, 3: a place
    r"|(\r?\n)"  # 4: the terminal is set to go to the first column then
    r"|(\x1b\[\?(?:2026|25)[hl])"  # 5: modes that move nothing
    r"|(\x1b\[[0-9;?<>=!$' ]*[@-~]|\x1b\][^\a\x1b]*(?:\a|\x1b\\)"
    r"|\x1bP[^\x1b]*(?:\x1b[^\\][^\x1b]*)*\x1b\\|\x1b[^\[\]P]|[\x00-\x1f\x7f])"  # 6: all others
    r"|([^\x1b\x00-\x1f\x7f]+)"  # 7: text
)
_BLANKS = re.compile(r"( {12,})")
_SHORTEST_RUN = 12
_ON_BLANKS = frozenset({"4", "7", "9", "21", "48", "53"})
"""Underline, reverse, strike, background, overline: styles that are seen on a blank."""
_RESET = "\x1b[m"


class Thrift:
    """Rewrites one stream to one terminal; knows what it sent last."""

    def __init__(self) -> None:
        self._style: str | None = ""
        """The style that the terminal has; None if that is not known."""
        self._wanted = ""
        self._at: tuple[int, int] | None = None
        """Where the terminal's cursor is, from 1; None if that is not known."""
        self._to: tuple[int, int] | None = None
        """Where it should be; None where it is."""

    def rewrite(self, data: str) -> str:
        """The same picture in fewer bytes.

        Args:
            data: What a program wants to write: whole sequences.
        """
        out: list[str] = []
        for token in _TOKEN.finditer(data):
            style, row, column, line_end, mode, other, text = token.groups()
            if style is not None:
                self._wanted = _joined(self._wanted, style)
            elif row is not None:
                self._to = (int(row), int(column))
            elif line_end and (place := self._to or self._at) is not None:
                self._to = (place[0] + 1, 1)
            elif mode:
                out.append(mode)
            elif text:
                self._write(text, out)
            else:
                self._pass_on(line_end or other, out)
        self._settle(out)
        if self._style:
            out.append(_RESET)
            self._style = ""
        return "".join(out)

    def _pass_on(self, sequence: str, out: list[str]) -> None:
        """Write what is not understood as it is: nothing is known afterwards."""
        self._settle(out)
        if self._wanted or self._style:
            self._set_style(out)
        out.append(sequence)
        self._at = None
        self._style = None

    def _settle(self, out: list[str]) -> None:
        """Put the cursor where it should be."""
        if self._to is not None and self._to != self._at:
            row, column = self._to
            ahead = column - self._at[1] if self._at and self._at[0] == row else 0
            out.append(f"\x1b[{ahead}C" if ahead > 0 else f"\x1b[{row};{column}H")
            self._at = self._to
        self._to = None

    def _set_style(self, out: list[str]) -> None:
        if self._style != self._wanted:
            out.append(_style_change(self._style, self._wanted))
            self._style = self._wanted

    def _write(self, text: str, out: list[str]) -> None:
        place = self._to or self._at
        if place is None or _shows_on_blanks(self._wanted):
            self._write_piece(text, out)
            return
        for piece in _BLANKS.split(text):
            if len(piece) >= _SHORTEST_RUN and piece.isspace():
                self._erase(len(piece), out)
            elif piece:
                self._write_piece(piece, out)

    def _erase(self, cells: int, out: list[str]) -> None:
        if self._style is None or _shows_on_blanks(self._style):
            self._set_style(out)
        place = self._to or self._at
        self._settle(out)
        if place is None:
            out.append(" " * cells)
            return
        out.append(f"\x1b[{cells}X")
        self._to = (place[0], place[1] + cells)

    def _write_piece(self, text: str, out: list[str]) -> None:
        self._settle(out)
        is_blank = text.isspace() and self._style is not None
        if not is_blank or _shows_on_blanks(self._wanted) or _shows_on_blanks(self._style or ""):
            self._set_style(out)
        out.append(text)
        if self._at is not None:
            is_plain = text.isascii() or all(map(_is_one_cell, set(text)))
            self._at = (self._at[0], self._at[1] + len(text)) if is_plain else None


def _joined(before: str, codes: str) -> str:
    """The style after some codes; those for the default colours are left out after a reset."""
    parts = codes.split(";") if codes else ["0"]
    if "0" in parts and not any(part in ("38", "48") for part in parts[: parts.index("0") + 1]):
        before, parts = "", parts[parts.index("0") + 1 :]
    if before:
        return f"{before};{';'.join(parts)}" if parts else before
    return _without_defaults(";".join(parts))


@lru_cache(1024)
def _without_defaults(codes: str) -> str:
    parts, kept = iter(codes.split(";")), []
    for part in parts:
        if part in ("38", "48"):
            kept.append(part)
            kind = next(parts, "")
            kept.append(kind)
            kept += [next(parts, "") for _ in range({"5": 1, "2": 3}.get(kind, 0))]
        elif part not in ("39", "49", ""):
            kept.append(part)
    return ";".join(kept)


@lru_cache(1024)
def _shows_on_blanks(style: str) -> bool:
    parts = iter(style.split(";"))
    for part in parts:
        if part == "38":
            for _ in range({"5": 1, "2": 3}.get(next(parts, ""), 0)):
                next(parts, "")
        elif part in _ON_BLANKS or (part.isdigit() and (40 <= int(part) <= 49 or 100 <= int(part) <= 107)):
            return True
    return False


def _style_change(before: str | None, after: str) -> str:
    if not after:
        return _RESET
    return f"\x1b[{after}m" if before == "" else f"\x1b[0;{after}m"


@lru_cache(4096)
def _is_one_cell(character: str) -> bool:
    """Whether every terminal draws a character in one cell."""
    return east_asian_width(character) in ("N", "Na", "H", "A") and category(character)[0] not in "MC"
