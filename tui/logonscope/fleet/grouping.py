"""Which records are of which machine, the machine's ordinal in the lake, and the group whose files it shares."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logonscope.lake.parquet_sql import parquet
from logonscope.sessions.machines import Machines, NameSpan, find_machines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

GROUP_RECORDS = 200_000
"""A group takes more machines until it has so many records."""
Pair = tuple[int, int]
"""Source and code of the computer's name: whose records they are is one machine."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The machines of a lake."""

    machines: Machines = field(default_factory=lambda: Machines({}, {}))
    """Their numbers are ordinals."""
    groups: Mapping[int, int] = field(default_factory=dict)
    """The group of each ordinal."""
    records: Mapping[int, int] = field(default_factory=dict)
    """By group, where that was counted."""

    def pairs(self) -> Mapping[int, dict[Pair, int]]:
        """Whose records are in each group."""
        found: dict[int, dict[Pair, int]] = defaultdict(dict)
        for pair, machine in self.machines.of_computer.items():
            found[self.groups[machine]][pair] = machine
        return found

    def names(self) -> Mapping[int, dict[int, str]]:
        """The machines of each group."""
        found: dict[int, dict[int, str]] = defaultdict(dict)
        for number, name in self.machines.names.items():
            found[self.groups[number]][number] = name
        return found

    def changed(self, before: Grouping) -> set[int]:
        """The groups to which records came, or from which some went."""
        of, held = self.machines.of_computer, before.machines.of_computer
        pairs = {pair for pair in of.keys() | held.keys() if of.get(pair) != held.get(pair)}
        return {self.groups[of[pair]] for pair in pairs if pair in of} | {
            before.groups[held[pair]] for pair in pairs if pair in held
        }

    def renamed(self, before: Grouping) -> set[int]:
        """The groups with machines that go by another name than before."""
        names, held = self.machines.names, before.machines.names
        return {self.groups[number] for number, name in names.items() if held.get(number) != name}


def read_grouping(con: duckdb.DuckDBPyConnection, machine: Sequence[str], computer_machine: Sequence[str]) -> Grouping:
    """The machines as the lake has them.

    Args:
        con: A connection of the calling thread.
        machine: The files of that table.
        computer_machine: The files of that one.
    """
    if not machine:
        return Grouping()
    rows = con.execute(f"SELECT number, name, file_group FROM {parquet(machine)}").fetchall()
    pairs = con.execute(f"SELECT source, computer, machine FROM {parquet(computer_machine)}").fetchall()
    return Grouping(
        Machines(
            {number: name for number, name, _ in rows}, {(source, code): number for source, code, number in pairs}
        ),
        {number: group for number, _, group in rows},
    )


def find_grouping(
    con: duckdb.DuckDBPyConnection, span: Sequence[str], holding: Sequence[str], before: Grouping
) -> Grouping:
    """The machines with what came since.

    Args:
        con: A connection of the calling thread.
        span: The files of ``name_span``, the new one among them.
        holding: The files of ``holding``.
        before: As they were: a machine keeps its ordinal and its group.
    """
    columns = ", ".join(NameSpan.__slots__)
    spans = [NameSpan(*row) for row in con.execute(f"SELECT {columns} FROM {parquet(span)} ORDER BY ALL").fetchall()]
    rows = con.execute(f"SELECT source, computer, records FROM {parquet(holding)}").fetchall()
    return group_machines(find_machines(spans), {(source, code): records for source, code, records in rows}, before)


def group_machines(found: Machines, records: Mapping[Pair, int], before: Grouping) -> Grouping:
    """Give machines ordinals and groups.

    Args:
        found: The machines, by numbers that their names give.
        records: How many records there are.
        before: As they were.
    """
    pairs: dict[int, list[Pair]] = defaultdict(list)
    for pair, number in found.of_computer.items():
        pairs[number].append(pair)
    ordinals = _ordinals(found, pairs, before)
    size = {ordinals[number]: sum(records.get(pair, 0) for pair in own) for number, own in pairs.items()}
    groups = _groups(size, before.groups)
    records_of: dict[int, int] = defaultdict(int)
    for ordinal, group in groups.items():
        records_of[group] += size[ordinal]
    return Grouping(
        Machines(
            {ordinals[number]: name for number, name in found.names.items()},
            {pair: ordinals[number] for pair, number in found.of_computer.items()},
        ),
        groups,
        records_of,
    )


def _ordinals(found: Machines, pairs: Mapping[int, Sequence[Pair]], before: Grouping) -> dict[int, int]:
    held = before.machines.of_computer
    ordinals: dict[int, int] = {}
    taken: set[int] = set()
    following = max(before.groups, default=0) + 1
    for number in sorted(found.names, key=lambda number: (found.names[number], number)):
        own = sorted({held[pair] for pair in pairs[number] if pair in held} - taken)
        ordinals[number] = own[0] if own else following
        following += not own
        taken.add(ordinals[number])
    return ordinals


def _groups(size: Mapping[int, int], before: Mapping[int, int]) -> dict[int, int]:
    groups = {ordinal: before[ordinal] for ordinal in size if ordinal in before}
    last = max(before.values(), default=1)
    filled = sum(size[ordinal] for ordinal, group in groups.items() if group == last)
    for ordinal in sorted(size.keys() - groups.keys()):
        if filled and filled + size[ordinal] > GROUP_RECORDS:
            last, filled = last + 1, 0
        groups[ordinal] = last
        filled += size[ordinal]
    return groups
