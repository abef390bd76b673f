"""The shorter stream draws the same picture."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logonscope.ui.thrift import Thrift

WIDTH, HEIGHT = 60, 6
_SEQUENCE = re.compile(r"\x1b\[([0-9;]*)([mHCX])|(\r?\n)|(.)", re.DOTALL)


@dataclass
class Emulator:
    """A terminal that knows what our streams use."""

    cells: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    row: int = 1
    column: int = 1
    style: str = ""

    def feed(self, data: str) -> None:
        for codes, kind, line_end, character in _SEQUENCE.findall(data):
            numbers = [int(code) for code in codes.split(";") if code]
            if kind == "m":
                self.style = self._after(codes)
            elif kind == "H":
                self.row, self.column = numbers
            elif kind == "C":
                self.column += numbers[0]
            elif kind == "X":
                for column in range(self.column, self.column + numbers[0]):
                    self.cells[self.row, column] = self._seen(" ")
            elif line_end:
                self.row, self.column = self.row + 1, 1
            else:
                self.cells[self.row, self.column] = self._seen(character)
                self.column += 1

    def _after(self, codes: str) -> str:
        parts = codes.split(";") if codes else ["0"]
        kept = [] if parts[0] == "0" else [self.style]
        return ";".join(part for part in [*kept, *parts] if part not in ("0", "39", "49", ""))

    def _seen(self, character: str) -> tuple[str, str]:
        """A blank shows nothing but its background and its lines."""
        if character != " ":
            return character, self.style
        return character, ";".join(part for part in self.style.split(";") if part in ("4", "7", "41", "100"))


STYLES = st.lists(st.sampled_from(["1", "4", "7", "31", "39", "41", "49", "92", "100"]), max_size=3, unique=True)
PIECES = st.tuples(STYLES, st.text("ab…│ ", min_size=1, max_size=5) | st.sampled_from([" " * 12, "a" + " " * 30 + "b"]))
LINES = st.tuples(st.integers(1, HEIGHT), st.integers(1, 20), st.lists(PIECES, min_size=1, max_size=4))


def stream(lines: list[tuple[int, int, list[tuple[list[str], str]]]]) -> str:
    """As Textual writes it."""
    parts = []
    for row, column, pieces in lines:
        parts.append(f"\x1b[{row};{column}H")
        parts += [f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if codes else text for codes, text in pieces]
        parts.append("\n")
    return "".join(parts) + "\x1b[1;1H"


@given(st.lists(st.lists(LINES, max_size=6), max_size=3))
def test_the_picture_is_the_same(writes: list[list[tuple[int, int, list[tuple[list[str], str]]]]]) -> None:
    plain, thrifty, thrift = Emulator(), Emulator(), Thrift()
    for lines in writes:
        data = stream(lines)
        plain.feed(data)
        thrifty.feed(thrift.rewrite(data))
        assert thrifty.cells == plain.cells
        assert (thrifty.row, thrifty.column, thrifty.style) == (plain.row, plain.column, "")


@pytest.mark.parametrize(
    "data",
    [
        "\x1b[?1049h\x1b[?25l",
        "\x1b]52;c;YWxpY2U=\a",
        "\x1bPtmux;\x1b\x1b]52;c;YWxpY2U=\a\x1b\\",
        "\x1b]0;title\x1b\\",
        "\x1b[>1u\x1b[<u\x1b[?2026$p\x1b[c\x1b7\x1b8\x1b=",
        "\x1b[?2026h\x1b[?2026l",
        "plain",
    ],
)
def test_other_sequences_go_through_as_they_are(data: str) -> None:
    assert Thrift().rewrite(data) == data


def test_after_a_foreign_sequence_nothing_is_taken_for_granted() -> None:
    thrift = Thrift()
    thrift.rewrite("\x1b[2;2H\x1b[31mred\x1b[0m")
    thrift.rewrite("\x1b[?1049h")
    assert thrift.rewrite("\x1b[2;5Hplain") == "\x1b[2;5H\x1b[mplain"


@pytest.mark.parametrize("style", ["\x1b[38;5;39m", "\x1b[38;2;39;49;0m", "\x1b[1;38;5;48m"])
def test_numbers_of_a_colour_are_no_codes(style: str) -> None:
    assert Thrift().rewrite(f"\x1b[1;1H{style}x\x1b[0m") == f"\x1b[1;1H{style}x\x1b[m"


def test_a_wide_character_makes_the_place_unknown() -> None:
    assert Thrift().rewrite("\x1b[1;1H日\x1b[0m\x1b[1;3Hx") == "\x1b[1;1H日\x1b[1;3Hx"
    assert Thrift().rewrite("\x1b[1;1Hä\x1b[0m\x1b[1;2Hx") == "\x1b[1;1Häx"
