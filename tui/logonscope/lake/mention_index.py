"""Where the events of a lake are that name an account, an address or the like: what a filter need not look into."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from logonscope.lake.parquet_sql import parquet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import duckdb

    from logonscope.lake.address import LakePlace
    from logonscope.lake.snapshot import LakeFile

FIELDS = ("account", "source_ip", "workstation", "process", "object", "event_id")
Mentions = dict[str, list[int]]
"""By field of ``mention_count``, the codes of which an event names one."""
_MOST_CODES = 2000
_WORTH_A_LIST = 4
"""A list is read where it is so many times shorter than what is read without it."""
_COUNTS = """
    WITH asked AS (SELECT unnest($1::INTEGER[]) AS term, unnest($2::VARCHAR[]) AS field, unnest($3::INTEGER[]) AS code)
    SELECT term, file_group, sum(records)::BIGINT, bool_and(listed)
    FROM mention_count JOIN asked USING (field, code) GROUP BY term, file_group
"""


@dataclass(frozen=True, slots=True)
class Naming:
    """Where events are that name what a filter asks for."""

    without: frozenset[int] = frozenset()
    """Groups of machines in which none is."""
    mentions: Mentions = field(default_factory=dict)
    """What they are listed under in ``mention``; empty where no list is to be read."""
    listed: frozenset[int] = frozenset()
    """Groups of which that list has all of them."""
    records: int | None = None
    """At most so many events need to be looked at; None where that is not known."""
    named: int | None = None
    """At most so many events name what is asked for; None where that is not known."""

    def by_group(self) -> Naming:
        """The same without the list: for what it does not have, as EventData."""
        return replace(self, mentions={}, listed=frozenset(), records=None)


NOT_KNOWN = Naming()


class MentionIndex:
    """The index of a lake; of one that has none, and of groups that came since, nothing is known.

    Args:
        con: A connection that sees ``mention_count``.
        events: The files of ``event``.
        lists: The files of ``mention``.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, events: Iterable[LakeFile], lists: Iterable[LakeFile]) -> None:
        counted = {group for (group,) in con.execute("SELECT DISTINCT file_group FROM mention_count").fetchall()}
        self._shelves = [frozenset(file.groups) & counted for file in lists]
        self._known = frozenset[int]().union(*self._shelves)
        self._rows: dict[int, int] = defaultdict(int)
        for file in events:
            self._rows[file.group] += file.rows

    def look_up(self, con: duckdb.DuckDBPyConnection, asked: Sequence[Mentions], groups: Collection[int]) -> Naming:
        """Where the events are that name one of each.

        Args:
            con: A cursor of the calling thread.
            asked: What an event must name: of each, one.
            groups: The groups of machines that come into question.
        """
        known = self._known.intersection(groups)
        if not asked or not known:
            return NOT_KNOWN
        named = [(term, name, code) for term, of in enumerate(asked) for name, codes in of.items() for code in codes]
        counts: dict[int, dict[int, tuple[int, bool]]] = defaultdict(dict)
        for term, group, records, listed in con.execute(
            _COUNTS, [[one[place] for one in named] for place in range(3)]
        ).fetchall():
            counts[term][group] = records, listed
        without = {group for group in known if any(group not in counts[term] for term in range(len(asked)))}
        left = set(groups) - without
        sums = [sum(records for records, _ in counts[term].values()) for term in range(len(asked))]
        named_by = None if left - known else min(sums)
        costs = [self._cost(counts[term], left & known, left - known) for term in range(len(asked))]
        best = min(range(len(asked)), key=costs.__getitem__)
        is_worth_it = costs[best] * _WORTH_A_LIST <= sum(self._rows[group] for group in left)
        if not is_worth_it or sum(map(len, asked[best].values())) > _MOST_CODES:
            return Naming(frozenset(without), named=named_by)
        return Naming(frozenset(without), asked[best], self._listed(counts[best]), costs[best], named_by)

    def _listed(self, counts: Mapping[int, tuple[int, bool]]) -> frozenset[int]:
        """The groups of the files that list all that is asked for."""
        unlisted = {group for group, (_, listed) in counts.items() if not listed}
        return frozenset[int]().union(*(shelf for shelf in self._shelves if shelf.isdisjoint(unlisted)))

    def _cost(self, counts: Mapping[int, tuple[int, bool]], known: Iterable[int], others: Iterable[int]) -> int:
        """How many events are looked at: those of the list, and all of a group that has none."""
        listed = self._listed(counts)
        read = (counts[group][0] if group in listed else self._rows[group] for group in known)
        return sum(read) + sum(self._rows[group] for group in others)


def listed_events(folder: LakePlace, lists: Iterable[LakeFile], naming: Naming, columns: Iterable[str]) -> str:
    """A query for events out of ``mention``, each once; empty where no list has any.

    Args:
        folder: The lake.
        lists: The files of ``mention``.
        naming: What is asked for.
        columns: Of ``event``.
    """
    files: dict[str, list[LakePlace]] = defaultdict(list)
    for file in lists:
        if not naming.listed.isdisjoint(file.groups):
            files[file.path.split("/")[1].removeprefix("field=")].append(folder / file.path)
    chosen = ", ".join(columns)
    # The codes are numbers of the program's own; a view takes no bound values.
    queries = [
        f"SELECT {chosen} FROM {parquet(files[name])} WHERE code IN ({', '.join(map(str, codes))})"
        for name, codes in naming.mentions.items()
        if codes and files[name]
    ]
    once = "DISTINCT ON (row, time) " if sum(map(len, naming.mentions.values())) > 1 else ""
    return f"SELECT {once}* FROM ({' UNION ALL '.join(queries)})" if queries else ""
