"""Plain values as TOML that people can read: every character that could act on a terminal is an escape."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from logonscope.display import with_escapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(table: Mapping[str, Any]) -> str:
    """Write a table with all tables in it; what is None is left out.

    Args:
        table: Texts, numbers, flags, lists of these, tables, and lists of tables.
    """
    return "\n".join(_lines("", table)).strip("\n") + "\n"


def toml_string(text: str) -> str:
    """Write a text; a lone surrogate, which TOML cannot hold, stays as an escape in the text."""
    return with_escapes(json.dumps(text, ensure_ascii=False), _escape)


def _escape(character: str) -> str:
    number = ord(character)
    if 0xD800 <= number < 0xE000:
        return f"\\\\u{number:04x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _lines(path: str, table: Mapping[str, Any]) -> Iterator[str]:
    held = {key: value for key, value in table.items() if value is not None}
    inner = {key: value for key, value in held.items() if isinstance(value, dict) or _is_tables(value)}
    for key in (key for key in held if key not in inner):
        yield f"{_key(key)} = {_value(held[key])}"
    for key, value in inner.items():
        name = f"{path}{_key(key)}"
        if isinstance(value, dict):
            yield from ("", f"[{name}]", *_lines(f"{name}.", value))
        else:
            for entry in value:
                yield from ("", f"[[{name}]]", *_lines(f"{name}.", entry))


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else toml_string(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return toml_string(value)
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{{', '.join(f'{_key(key)} = {_value(one)}' for key, one in value.items())}}}"
    return str(value)
