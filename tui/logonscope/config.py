"""The user's settings file as entries with their lines; a mistake costs its own line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from platformdirs import user_config_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_BYTES = 1_000_000
_HEAD = re.compile(r"\s*\[([^\]]+)\]")
_NAME = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w.-]+))\s*=""")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SIZE = re.compile(r"(\d{1,15})\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the file."""

    section: str
    name: str
    value: Any
    line: int | None
    """Counted from 1; None where the file has it in an unusual form."""


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """Something in the file that does not hold."""

    line: int | None
    text: str
    """Not sanitised."""

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


def config_file() -> Path:
    """Where the settings are."""
    return user_config_path("logonscope") / "config.toml"


def watchlist_file() -> Path:
    """Where the watchlist is that holds where none is named."""
    return config_file().with_name("watchlist.toml")


def size_from(text: str) -> int | None:
    """A size such as ``500M`` or ``64G`` in bytes; None where it is none."""
    found = _SIZE.fullmatch(text.strip())
    return int(found[1]) * _UNITS[found[2].lower()] if found else None


def read_config(path: Path) -> tuple[list[Entry], list[ConfigProblem]]:
    """Read the settings; a file that is not there holds none.

    Args:
        path: The file.
    """
    try:
        if not path.exists():
            return [], []
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return [], [ConfigProblem(None, "this is no settings file")]
        return parse_config(path.read_text("utf-8"))
    except OSError as error:
        return [], [ConfigProblem(None, f"it cannot be read: {error.strerror or error}")]
    except UnicodeDecodeError as error:
        return [], [ConfigProblem(None, f"byte {error.start} is not UTF-8")]


def parse_config(text: str) -> tuple[list[Entry], list[ConfigProblem]]:
    """Take a text apart; lines that are no TOML are reported and left out."""
    lines = text.splitlines()
    problems: list[ConfigProblem] = []
    while True:
        try:
            tree = tomllib.loads("\n".join(lines))
            break
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            line = _wrong_line(str(error), lines)
            problems.append(ConfigProblem(line, _PLACE.sub("", str(error))))
            lines[line - 1] = ""
    places = dict(_places(lines))
    return [
        Entry(section, name, value, places.get((section, name))) for section, name, value in _values(tree)
    ], problems


def _wrong_line(message: str, lines: list[str]) -> int:
    """The line that a message is about, or the last one before it that is not empty."""
    place = _PLACE.search(message)
    number = min(int(place[1]), len(lines)) if place and place[1] else len(lines)
    return next((n for n in (*range(number, 0, -1), *range(number, len(lines) + 1)) if lines[n - 1].strip()), number)


def _values(tree: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Section, name and value; a name with dots is written with or without quotes."""
    for section, part in tree.items():
        if isinstance(part, dict):
            for name, value in _flat(part):
                yield section, name, value
        else:
            yield "", section, part


def _flat(part: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in part.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _places(lines: list[str]) -> Iterator[tuple[tuple[str, str], int]]:
    section = prefix = ""
    for number, line in enumerate(lines, 1):
        if head := _HEAD.match(line):
            section, _, rest = head[1].strip().partition(".")
            prefix = f"{rest}." if rest else ""
        elif found := _NAME.match(line):
            yield (section, prefix + (found[1] or found[2] or found[3])), number
