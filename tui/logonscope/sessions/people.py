"""Which accounts are one person: the SID first, then the name without case."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NETBIOS_LENGTH = 15
_NOBODY = frozenset({"", "S-1-0-0"})


def find_people(accounts: Iterable[tuple[str, str, str]]) -> list[int]:
    """Number the people behind accounts.

    One SID is one person, whatever names it goes by (a Microsoft account has an e-mail address at logon and a
    short name at logoff). An account without a SID is the person of that name if only one SID bears it, in the
    same domain where both name one; otherwise it is a person of its own.

    Args:
        accounts: (SID, name, domain) by account code, to be gone through more than once; code 0 is nobody.

    Returns:
        Person number by account code: the code of the first account that is that person, 0 for nobody. Accounts that
        come later leave the numbers of others as they are.
    """
    first_codes: dict[str, int] = {}
    sids_by_name = _sids_by_name(accounts)
    people: list[int] = []
    for code, (sid, name, domain) in enumerate(accounts):
        key = sid if sid not in _NOBODY else _named(name, domain, sids_by_name.get(name.casefold(), {}))
        people.append(first_codes.setdefault(key, code) if key else 0)
    return people


def _sids_by_name(accounts: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, set[str]]]:
    """SIDs and their domains by name without case, for the names that accounts without a SID bear."""
    wanted = {name.casefold() for sid, name, _ in accounts if sid in _NOBODY and name}
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for sid, name, domain in accounts if wanted else ():
        if sid not in _NOBODY and (folded := name.casefold()) in wanted:
            found[folded][sid].add(_short(domain))
    return found


def _named(name: str, domain: str, candidates: dict[str, set[str]]) -> str:
    if not name:
        return ""
    same_domain = [sid for sid, domains in candidates.items() if _short(domain) in domains]
    fitting = same_domain or list(candidates)
    if len(fitting) == 1 and (same_domain or not domain or "" in candidates[fitting[0]]):
        return fitting[0]
    return f"{_short(domain)}\\{name.casefold()}"


def _short(domain: str) -> str:
    """A domain as NetBIOS would cut it: no case, the first label, 15 characters."""
    return domain.casefold().partition(".")[0][:_NETBIOS_LENGTH]
