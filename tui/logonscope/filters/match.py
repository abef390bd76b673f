"""Which texts fit what was typed: wildcards, patterns, addresses, accounts. Never with case.

A test takes all texts at once. Regular expressions run in RE2, whose time is linear in the text: no pattern can hang.
"""

from __future__ import annotations

import re
from fnmatch import translate
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from logonscope.errors import FilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.filters.terms import Value

    Fits = Callable[[Sequence[str]], list[bool]]
    """Says of each text whether it fits."""

    Accounts = Sequence[tuple[str, str, str]]
    """(SID, name, domain) of each."""


def text_matcher(value: Value) -> Fits:
    """A test for texts: equal, fitting ``*`` and ``?``, or fitting ``/a regular expression/``.

    Raises:
        FilterError: The regular expression is wrong.
    """
    typed = value.text
    if not value.quoted:
        if len(typed) > 2 and typed[0] == typed[-1] == "/":
            return _regex_matcher(value)
        if "*" in typed or "?" in typed:
            wild = re.compile(translate(typed.replace("[", "[[]")), re.IGNORECASE)
            return lambda texts: [wild.match(text) is not None for text in texts]
    wanted = typed.casefold()
    return lambda texts: [text.casefold() == wanted for text in texts]


def equal_to(wanted: str) -> Fits:
    """A test for exactly one text."""
    return lambda texts: [text == wanted for text in texts]


def holding(needle: str) -> Fits:
    """A test for texts with another in them, which has been through ``casefold``."""
    return lambda texts: [needle in text.casefold() for text in texts]


def _regex_matcher(value: Value) -> Fits:
    # Slow to import, and nobody needs it before he looks for a pattern.
    import pyarrow as pa
    import pyarrow.compute as pc

    pattern = value.text[1:-1]

    def fits(texts: Sequence[str]) -> list[bool]:
        found = pc.match_substring_regex(pa.array(texts, pa.string()), pattern, ignore_case=True)
        flags: list[bool] = found.to_pylist()
        return flags

    try:
        fits([""])
    except pa.ArrowInvalid as error:
        reason = str(error).partition(": ")[2]
        raise FilterError(f"wrong regular expression: {reason}", value.start, value.stop) from error
    return fits


def address_matcher(value: Value) -> Fits:
    """A test for addresses: one address, a network in CIDR form, or as ``text_matcher``.

    Raises:
        FilterError: It is neither.
    """
    typed = value.text
    if "/" in typed.strip("/") and "*" not in typed:
        try:
            network = ip_network(typed, strict=False)
        except ValueError as error:
            advice = "Write an address, 10.0.0.0/8, or 10.0.*."
            raise FilterError(f"{typed} is not a network", value.start, value.stop, advice) from error
        return lambda texts: [_in_network(text, network.version, network.__contains__) for text in texts]
    try:
        wanted = str(ip_address(typed))
    except ValueError:
        return text_matcher(value)
    return equal_to(wanted)


def _in_network(text: str, version: int, holds: Callable[[object], bool]) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.version == version and holds(address)


def account_matcher(value: Value) -> Callable[[Accounts], list[bool]]:
    r"""A test for accounts: by name, by ``DOMAIN\name``, or by SID.

    Raises:
        FilterError: A regular expression in it is wrong.
    """
    fits = text_matcher(value)
    if value.text[:4].upper() == "S-1-":
        # Somebody may be called like a SID, to hide behind it.
        return lambda accounts: _either(fits([a[0] for a in accounts]), fits([a[1] for a in accounts]))
    if "\\" in value.text and not value.text.startswith("/"):
        return lambda accounts: _either(
            fits([f"{domain}\\{name}" if name else "" for _, name, domain in accounts]), fits([a[1] for a in accounts])
        )
    return lambda accounts: fits([name for _, name, _ in accounts])


def _either(one: list[bool], other: list[bool]) -> list[bool]:
    return [a or b for a, b in zip(one, other, strict=True)]
