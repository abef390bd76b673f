"""The two tokens that UAC makes for one person (rule R10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.sessions.logon import Logon
    from logonscope.sessions.sight import Sight

_TWIN_RECORDS = 2
_TWIN_SECONDS = 0.1
_CLOSING_SECONDS = 2.0


def token_groups(logons: list[Logon], sight: Sight) -> list[list[Logon]]:
    """Join logons that are one person's two tokens.

    Args:
        logons: Logons of one boot, in order.
        sight: Where records are missing, a 4672 may be.

    Returns:
        Groups of one or two in the order of the earlier of the two, the token that signs out first.
    """
    by_id = {(logon.logon_id, logon.earlier): logon for logon in logons}
    naming = {logon.linked_logon_id: logon for logon in logons if logon.start_pos is not None}
    closing = {logon.close_pos: logon for logon in logons if logon.start_pos is None and logon.close_pos is not None}
    groups: list[list[Logon]] = []
    taken: set[tuple[int, bool]] = set()
    for index, logon in enumerate(logons):
        if (logon.logon_id, logon.earlier) in taken:
            continue
        twin = _linked_twin(logon, by_id) or _unlinked_twin(logon, logons[index + 1 : index + 1 + _TWIN_RECORDS], sight)
        twin = twin or _naming_twin(logon, naming) or _closing_twin(logon, closing)
        # A forged record can name itself.
        if twin and (twin is logon or (twin.logon_id, twin.earlier) in taken):
            twin = None
        group = in_order([logon, twin] if twin else [logon])
        taken.update((token.logon_id, token.earlier) for token in group)
        groups.append(group)
    return groups


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


def _closing_twin(logon: Logon, closing: dict[int, Logon]) -> Logon | None:
    """Of two tokens whose logon records are gone only the ends are left: the same person and type, closed together."""
    if logon.start_pos is not None or logon.close_pos is None or logon.logon_class != "stay":
        return None
    distances = (records for near in range(1, _TWIN_RECORDS + 1) for records in (near, -near))
    others = (closing.get(logon.close_pos + records) for records in distances)
    return next((other for other in others if other and _are_closed_as_one(logon, other)), None)


def _are_closed_as_one(logon: Logon, other: Logon) -> bool:
    return (
        (other.person, other.logon_type) == (logon.person, logon.logon_type)
        and logon.close_time is not None
        and other.close_time is not None
        and abs((other.close_time - logon.close_time).total_seconds()) < _TWIN_SECONDS
    )


def _unlinked_twin(logon: Logon, following: list[Logon], sight: Sight) -> Logon | None:
    """Before Windows 10 a record does not name its twin: same account and type, next record, same moment.

    Two that Windows closed at different times are not taken for one.
    """
    if logon.version >= 2 or logon.start_pos is None or logon.origin_time is None:
        return None
    for other in following:
        if (
            other.start_pos is not None
            and other.origin_time is not None
            and other.start_pos - logon.start_pos <= _TWIN_RECORDS
            and abs((other.origin_time - logon.origin_time).total_seconds()) < _TWIN_SECONDS
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
    if logon.close_time is None or other.close_time is None:
        return True
    return abs((logon.close_time - other.close_time).total_seconds()) < _CLOSING_SECONDS
