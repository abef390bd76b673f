r"""How a filter writes a value in quotes, and characters that nobody can type or see: ``\u{1b}``.

The braces keep it apart from what people type with a backslash: ``CORP\u1234`` is a user, ``C:\new`` a folder.
"""

from __future__ import annotations

import re

from logonscope.display import with_escapes
from logonscope.errors import FilterError

_CODE = r"u\{(?P<code>[0-9A-Fa-f]{1,6})\}"
_IN_QUOTES = re.compile(rf'\\(?:(?P<plain>["\\])|{_CODE})')
_BARE = re.compile(rf"\\{_CODE}")
_LAST_CHARACTER = 0x10FFFF
_HALVES = range(0xD800, 0xE000)
"""Surrogates: halves of characters."""
_BARE_VALUE = re.compile(r"[\w.@$:\\#%~+<>=-][\w.@$:\\#%~+<>=/-]*")


def typeable(text: str) -> str:
    r"""Write a filter so that it can be drawn and edited: control characters and the like as ``\u{1b}``.

    Args:
        text: A filter, or a part of one. One that has been through here comes out as it is.
    """
    return with_escapes(text, lambda character: f"\\u{{{ord(character):x}}}")


def read_escapes(typed: str, start: int, *, in_quotes: bool) -> str:
    r"""The text that was meant.

    Args:
        typed: A value without its quotes.
        start: Where it begins in the filter, for errors.
        in_quotes: Whether it stood in quotes: there, ``\"`` and ``\\`` are escapes too.

    Raises:
        FilterError: An escape names no character.
    """

    def meant(match: re.Match[str]) -> str:
        plain = match["plain"] if in_quotes else None
        if plain is not None:
            return str(plain)
        code = int(match["code"], 16)
        if code > _LAST_CHARACTER or code in _HALVES:
            place = start + match.start()
            raise FilterError(f"there is no character {match[0]}", place, place + len(match[0]))
        return chr(code)

    return (_IN_QUOTES if in_quotes else _BARE).sub(meant, typed)


def quoted(text: str) -> str:
    """A value as it must be typed: in quotes where it holds anything that the language would read.

    The result is printable: what is not is written as an escape.
    """
    if _BARE_VALUE.fullmatch(text) and text.lower() not in ("and", "or", "not") and typeable(text) == text:
        return text
    return '"' + typeable(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'
