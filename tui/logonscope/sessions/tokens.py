"""The two tokens that UAC makes for one person (rule R10)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from logonscope.sessions.logon import Logon
    from logonscope.sessions.sight import Sight

_TWIN_RECORDS = 2
_TWIN_SECONDS = 0.1
_STEPS = (1, -1, 2, -2)
_MOST_TOKENS, _MOST_OWNERS = 8, 64
"""How many ends in a row, and logons of a person, are looked at together: a forged log can hold any number of them."""
_CLOSING_SECONDS = 2.0
_VERSION_THAT_NAMES_TWINS = 2
_SPLIT_TYPES = (2, 10, 11)

_SEVERAL, _OF_ANOTHER = "tokens-unsure", "twin-unsure"

_Key = tuple[int, bool]
"""Logon ID, and whether it began before the log."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one logon, the one that signs out first."""

    logons: list[Logon]
    flags: tuple[str, ...] = ()
    """What is not sure of them, as ``knowledge/ends.toml`` names it."""


def unsplit_people(logons: Iterable[Logon]) -> set[int]:
    """Whom UAC gives one token only, by logon records of one machine that would name a second one."""
    at_desk = [logon for logon in logons if logon.start_pos is not None and logon.logon_type in _SPLIT_TYPES]
    named = {logon.person for logon in at_desk if logon.linked_logon_id}
    return {logon.person for logon in at_desk if logon.version >= _VERSION_THAT_NAMES_TWINS} - named


def token_groups(logons: list[Logon], sight: Sight, unsplit: Collection[int] = ()) -> list[Tokens]:
    """Join logons that are one person's two tokens.

    Args:
        logons: Logons of one boot, in order.
        sight: Where records are missing, a 4672 or a 4624 may be.
        unsplit: Persons who have one token only.

    Returns:
        Groups in the order of the first of each. One that is not sure may be of several logons, or of another group.
    """
    partners = _partners(logons, sight)
    ends = _Ends(logons, partners, sight, unsplit)
    groups: list[Tokens] = []
    taken: set[_Key] = set()
    for logon in logons:
        key = _key(logon)
        if key in taken:
            continue
        partner = partners.get(key)
        group = Tokens([logon, partner]) if partner else ends.group(logon, taken)
        taken.update(map(_key, group.logons))
        groups.append(Tokens(in_order(group.logons), group.flags) if len(group.logons) > 1 else group)
    return groups


def _partners(logons: list[Logon], sight: Sight) -> dict[_Key, Logon]:
    """The other token of each logon, as far as logon records tell it."""
    by_id = {_key(logon): logon for logon in logons}
    naming = {logon.linked_logon_id: logon for logon in logons if logon.start_pos is not None}
    found: dict[_Key, Logon] = {}
    for index, logon in enumerate(logons):
        if _key(logon) in found:
            continue
        twin = _linked_twin(logon, by_id) or _unlinked_twin(logon, logons[index + 1 : index + 1 + _TWIN_RECORDS], sight)
        twin = twin or _naming_twin(logon, naming)
        # A forged record can name itself.
        if twin and twin is not logon and _key(twin) not in found:
            found[_key(logon)], found[_key(twin)] = twin, logon
    return found


def _key(logon: Logon) -> _Key:
    return logon.logon_id, logon.earlier


def in_order(tokens: Iterable[Logon]) -> list[Logon]:
    """The token that signs out first, then its elevated twin."""
    return sorted(tokens, key=lambda token: token.elevated is True or (token.elevated is None and token.privileged))


def _linked_twin(logon: Logon, by_id: dict[tuple[int, bool], Logon]) -> Logon | None:
    twin = by_id.get((logon.linked_logon_id or 0, False))
    return twin if twin and twin.linked_logon_id == logon.logon_id and twin.person == logon.person else None


def _naming_twin(logon: Logon, naming: dict[int | None, Logon]) -> Logon | None:
    """The token whose logon record names this one, of which only later records are there."""
    twin = naming.get(logon.logon_id)
    if twin is None or logon.start_pos is not None or twin.person != logon.person:
        return None
    return twin if twin.start_pos is not None and twin.start_pos < logon.first_pos else None


class _Ends:
    """What the ends of tokens tell of them where their logon records are gone.

    The two tokens of one logon are closed side by side; but so are two logons that were started from one session.
    """

    def __init__(
        self, logons: list[Logon], partners: Mapping[_Key, Logon], sight: Sight, unsplit: Collection[int]
    ) -> None:
        self._sight = sight
        self._unsplit = unsplit
        self._split = {logon.person for logon in partners.values()}
        alone = [logon for logon in logons if _key(logon) not in partners]
        self._starting = {logon.start_pos: logon for logon in alone if logon.start_pos is not None}
        self._lacking: dict[int, list[Logon]] = defaultdict(list)
        """Logons by person whose second token may be missing."""
        for logon in filter(self._can_lack_twin, self._starting.values()):
            self._lacking[logon.person].append(logon)
        self._closing = {logon.close_pos: logon for logon in alone if logon.close_pos is not None}

    def group(self, logon: Logon, taken: Collection[_Key]) -> Tokens:
        """The tokens that a logon without a logon record is one of, or may be."""
        if logon.start_pos is not None or logon.logon_class != "stay" or logon.person in self._unsplit:
            return Tokens([logon])
        owner = self._owner_by_rights(logon)
        if owner and _key(owner) not in taken:
            return Tokens([logon, owner])
        side_by_side = [other for other in self._closed_with(logon) if _key(other) not in taken]
        orphans = [other for other in side_by_side if other.start_pos is None]
        owners = [other for other in side_by_side if other.start_pos is not None]
        if len(side_by_side) > 1 and self._may_lack_an_end(side_by_side):
            return _unsure(orphans, owners)
        pair = orphans[:2] if len(orphans) > 1 else [logon, *owners[:1]]
        if len(pair) > 1:
            return Tokens(pair) if logon.person in self._split else _unsure(orphans[:2], owners)
        return _unsure([logon], self._owners_of(logon))

    def _owner_by_rights(self, logon: Logon) -> Logon | None:
        """The token beside whose logon record a 4672 names this one."""
        if not logon.privileged or logon.first_time is None:
            return None
        near = range(logon.first_pos - 1, logon.first_pos - 1 - _TWIN_RECORDS, -1)
        owners = (self._starting.get(position) for position in near)
        return next((o for o in owners if o and self._can_lack_twin(o) and _are_started_as_one(o, logon)), None)

    def _owners_of(self, logon: Logon) -> list[Logon]:
        """Logons beside which a record is missing, of which a token without a logon record may be the second one."""
        return [
            owner
            for owner in self._lacking[logon.person][-_MOST_OWNERS:]
            if logon.logon_type in (None, owner.logon_type)
            and not (owner.privileged and logon.privileged)
            and owner.first_pos < logon.first_pos
            and _are_closed_together(owner, logon)
        ]

    def _closed_with(self, logon: Logon) -> list[Logon]:
        """A logon, and those closed beside it, the nearest first: without a logon record, or lacking a twin."""
        found = [logon]
        ends = [] if logon.close_pos is None else [logon.close_pos]
        for end in islice(ends, _MOST_TOKENS):
            beside = (self._closing.get(end + step) for step in _STEPS)
            new = [other for other in beside if other and other not in found and self._may_be_twins(logon, other)]
            found += new
            ends += [other.close_pos for other in new if other.close_pos is not None]
        return found

    def _may_be_twins(self, logon: Logon, other: Logon) -> bool:
        return _are_closed_as_one(logon, other) and (other.start_pos is None or self._can_lack_twin(other))

    def _can_lack_twin(self, logon: Logon) -> bool:
        """Whether the logon record of a second token may be missing beside that of a first."""
        start = logon.start_pos
        return (
            start is not None
            and logon.version < _VERSION_THAT_NAMES_TWINS
            and self._sight.has_hole(start - _TWIN_RECORDS - 1, start + _TWIN_RECORDS)
        )

    def _may_lack_an_end(self, tokens: list[Logon]) -> bool:
        """Whether another end may be missing among or beside some."""
        ends = [token.close_pos for token in tokens if token.close_pos is not None]
        first, last = min(ends), max(ends)
        return self._sight.is_missing(first - 1) or self._sight.has_hole(first - 1, last + 1)


def _unsure(orphans: list[Logon], owners: Sequence[Logon]) -> Tokens:
    """Tokens of which only the ends are left: of how many sessions is not known, nor whether of those of others."""
    return Tokens(orphans, (_SEVERAL,) * (len(orphans) > 1) + (_OF_ANOTHER,) * (len(owners) > 0))


def _are_started_as_one(owner: Logon, logon: Logon) -> bool:
    return (
        not owner.privileged
        and owner.person == logon.person
        and logon.logon_type in (None, owner.logon_type)
        and _apart(owner.origin_time, logon.first_time) < _TWIN_SECONDS
    )


def _are_closed_as_one(logon: Logon, other: Logon) -> bool:
    return (
        (other.person, other.logon_type) == (logon.person, logon.logon_type)
        and not (logon.privileged and other.privileged)
        and _apart(other.close_time, logon.close_time) < _TWIN_SECONDS
    )


def _apart(time: datetime | None, other: datetime | None) -> float:
    return inf if time is None or other is None else abs((time - other).total_seconds())


def _unlinked_twin(logon: Logon, following: list[Logon], sight: Sight) -> Logon | None:
    """Before Windows 10 a record does not name its twin: same account and type, next record, same moment.

    Two that Windows closed at different times are not taken for one.
    """
    if logon.version >= _VERSION_THAT_NAMES_TWINS or logon.start_pos is None:
        return None
    for other in following:
        if (
            other.start_pos is not None
            and other.start_pos - logon.start_pos <= _TWIN_RECORDS
            and _apart(other.origin_time, logon.origin_time) < _TWIN_SECONDS
            and (other.person, other.logon_type) == (logon.person, logon.logon_type)
            and _is_one_privileged(logon, other, sight)
            and _are_closed_together(logon, other)
        ):
            return other
    return None


def _is_one_privileged(logon: Logon, other: Logon, sight: Sight) -> bool:
    """Whether one of two is, or the 4672 that would tell may be missing."""
    if logon.privileged == other.privileged:
        return not logon.privileged and sight.has_hole(logon.position - 1, other.position + _TWIN_RECORDS)
    return True


def _are_closed_together(logon: Logon, other: Logon) -> bool:
    return None in (logon.close_time, other.close_time) or _apart(logon.close_time, other.close_time) < _CLOSING_SECONDS
