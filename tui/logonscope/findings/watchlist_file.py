"""Reading a watchlist: an entry that does not hold is told with its line and left out, the others hold."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from logonscope.display import sanitise
from logonscope.errors import WatchlistError
from logonscope.filters.names import nearest
from logonscope.findings.rule import rules
from logonscope.findings.watchlist import WATCH_RULES, Kind, Mute, WatchedAccount, Watchlist
from logonscope.knowledge.toml_file import fitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_MOST_BYTES = 4_000_000
_SHAPES: dict[str, type[WatchedAccount] | type[Mute]] = {"account": WatchedAccount, "mute": Mute}
_KEY_IN_REASON = re.compile(r"`\$\.(\w+)")
_UNKNOWN_KEY = re.compile(r"unknown field `(.*)`")
_LINE_IN_REASON = re.compile(r"\s*\(at line (\d+), column \d+\)")


def read_watchlist(path: Path) -> tuple[Watchlist, tuple[str, ...]]:
    """Read a watchlist.

    Args:
        path: A TOML file.

    Returns:
        The entries that hold; and what does not hold, each with file, line and the nearest valid word.

    Raises:
        WatchlistError: The file cannot be read, or is no TOML; says where.
    """
    shown = f"watchlist {sanitise(str(path))}"
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8")
        tree = tomllib.loads(text)
    except OSError as error:
        raise WatchlistError(f"{shown}: {error.strerror or error}", "Check its name.") from error
    except UnicodeDecodeError as error:
        raise WatchlistError(f"{shown}: not UTF-8 at byte {error.start}", "Save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _LINE_IN_REASON.search(str(error))
        line = f"line {place[1]}: " if place else ""
        reason = sanitise(_LINE_IN_REASON.sub("", str(error)))
        raise WatchlistError(f"{shown}: {line}{reason}", "Each entry begins with [[account]] or [[mute]].") from error
    wrong: list[str] = []
    entries = list(_entries(tree, text, lambda line, told: wrong.append(f"{shown}: line {line}: {sanitise(told)}")))
    accounts = [entry for entry in entries if isinstance(entry, WatchedAccount)]
    return Watchlist(accounts, [entry for entry in entries if isinstance(entry, Mute)]), tuple(wrong)


def _entries(tree: dict[str, Any], text: str, tell: Callable[[int, str], None]) -> Iterator[WatchedAccount | Mute]:
    lines = text.splitlines()
    for section, parts in tree.items():
        shape = _SHAPES.get(section)
        head_of = re.compile(rf"\s*\[+\s*[\"']?{re.escape(section)}\b")
        heads = [number for number, line in enumerate(lines) if head_of.match(line)]
        if shape is None or not isinstance(parts, list):
            advice = nearest(section, _SHAPES) if shape is None else ""
            tell((heads or [0])[0] + 1, f"{section} is no entry. {advice or 'Write [[account]] or [[mute]].'}")
            continue
        for place, part in enumerate(parts):
            head = heads[place] if place < len(heads) else 0
            try:
                yield _entry(part, shape)
            except (msgspec.ValidationError, ValueError) as error:
                key = _key_of(str(error))
                tell(_line_of(key, lines, head), f"{_reason(str(error), shape, part)} The entry is left out.")


def _entry(part: Any, shape: type[WatchedAccount] | type[Mute]) -> WatchedAccount | Mute:
    entry = fitted(part, shape)
    if isinstance(entry, WatchedAccount):
        try:
            entry.span()
        except ValueError as error:
            raise ValueError(f"{error} - at `$.hours`") from error
    else:
        known = [*(rule.id for rule in rules()), *WATCH_RULES]
        for rule in entry.rules or ():
            if rule not in known:
                raise ValueError(f"there is no rule {rule}. {nearest(rule, known)} - at `$.rules`")
    return entry


def _key_of(reason: str) -> str:
    found = _UNKNOWN_KEY.search(reason) or _KEY_IN_REASON.search(reason)
    return found[1] if found else ""


def _line_of(key: str, lines: list[str], head: int) -> int:
    """The line of a key, or that of its entry's head; counted from 1."""
    for number in range(head + 1, len(lines)):
        if lines[number].lstrip().startswith("["):
            break
        if key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[number]):
            return number + 1
    return head + 1


def _reason(reason: str, shape: type[WatchedAccount] | type[Mute], part: Any) -> str:
    """What is wrong, with the nearest valid word."""
    unknown = _UNKNOWN_KEY.search(reason)
    if unknown:
        keys = shape.__struct_fields__
        return f"there is no key {unknown[1]}. {nearest(unknown[1], keys) or 'Keys: ' + ', '.join(keys) + '.'}"
    key = _key_of(reason)
    value = part.get(key) if isinstance(part, dict) else None
    if key == "kind" and isinstance(value, str):
        kinds = get_args(Kind)
        return f"there is no kind {value}. {nearest(value, kinds) or 'Kinds: ' + ', '.join(kinds) + '.'}"
    what = reason.partition(" - at `")[0].strip()
    told = f"{key}: {what}" if key else what
    return told if told.endswith(("?", ".")) else f"{told}."
