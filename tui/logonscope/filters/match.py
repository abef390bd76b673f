"""Does a text fit what was typed: wildcards, patterns, addresses, accounts. Never with case."""

from __future__ import annotations

import re
from fnmatch import translate
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from logonscope.errors import FilterError
from logonscope.filters.terms import Value

if TYPE_CHECKING:
    from collections.abc import Callable


def text_matcher(value: Value) -> Callable[[str], bool]:
    """A test for texts: equal, fitting ``*`` and ``?``, or fitting ``/a regular expression/``.

    Raises:
        FilterError: The regular expression is wrong.
    """
    typed = value.text
    if not value.quoted:
        if len(typed) > 2 and typed[0] == typed[-1] == "/":
            pattern = _regex(value)
            return lambda text: pattern.search(text) is not None
        if "*" in typed or "?" in typed:
            wild = re.compile(translate(typed.replace("[", "[[]")), re.IGNORECASE)
            return lambda text: wild.match(text) is not None
    wanted = typed.casefold()
    return lambda text: text.casefold() == wanted


def _regex(value: Value) -> re.Pattern[str]:
    try:
        return re.compile(value.text[1:-1], re.IGNORECASE)
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        raise FilterError(f"wrong regular expression: {error}", value.start, value.stop) from error


def address_matcher(value: Value) -> Callable[[str], bool]:
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
        return lambda text: _in_network(text, network.version, network.__contains__)
    try:
        wanted = str(ip_address(typed))
    except ValueError:
        return text_matcher(value)
    return lambda text: text == wanted


def _in_network(text: str, version: int, holds: Callable[[object], bool]) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.version == version and holds(address)


def account_matcher(value: Value) -> Callable[[tuple[str, str, str]], bool]:
    r"""A test for accounts (SID, name, domain): by name, by ``DOMAIN\name``, or by SID.

    Raises:
        FilterError: A regular expression in it is wrong.
    """
    fits = text_matcher(value)
    if value.text[:4].upper() == "S-1-":
        return lambda account: fits(account[0])
    domain, slash, name = value.text.partition("\\")
    if slash and not value.text.startswith("/"):
        fits_domain = text_matcher(Value(domain, value.start, value.stop, value.quoted))
        fits_name = text_matcher(Value(name, value.start, value.stop, value.quoted))
        return lambda account: fits_name(account[1]) and fits_domain(account[2])
    return lambda account: fits(account[1])
