"""Which accounts are people and which are Windows' own (``accounts.toml``)."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

import msgspec

from logonscope.knowledge.toml_file import load

AccountKind = Literal["person", "system", "machine", "virtual", "anonymous", "setup", "none"]


class AccountPattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Accounts that are not people; the fields are explained at the head of ``accounts.toml``."""

    kind: AccountKind
    sample: dict[str, str]
    sid: str = ""
    name: str = ""

    def fits(self, sid: str, name: str) -> bool:
        """Whether an account is of this kind; the name is compared without case."""
        if self.sid:
            return fnmatchcase(sid, self.sid)
        return fnmatchcase(name.lower(), self.name.lower())


class _Accounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hidden_logon_ids: list[int]
    account: list[AccountPattern]


@cache
def _accounts() -> _Accounts:
    return load("accounts.toml", _Accounts)


def account_patterns() -> list[AccountPattern]:
    """The patterns, in the order in which they decide."""
    return _accounts().account


def hidden_logon_ids() -> frozenset[int]:
    """Logon IDs that are the system's own in every boot (rule R9)."""
    return frozenset(_accounts().hidden_logon_ids)


def account_kind(sid: str, name: str) -> AccountKind:
    """Say what kind of account this is.

    Args:
        sid: The SID, or an empty string.
        name: The account name, trimmed, or an empty string.

    Returns:
        ``none`` when both are empty, ``person`` when no pattern fits.
    """
    if not name and sid in ("", "S-1-0-0"):
        return "none"
    return next((pattern.kind for pattern in account_patterns() if pattern.fits(sid, name)), "person")
