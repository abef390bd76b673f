"""Which computer names are one machine (rule R3).

A computer's name changes in mid-log: first setup, renaming, joining a domain, another case, a trailing dot. Names
in one file whose record IDs run on are one machine; names that alternate are many machines in a forwarded log.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SLACK = timedelta(hours=1)
_GREATEST_NUMBER = 0x7FFFFFFF
_LONG_AGO = datetime(1, 1, 1)


@dataclass(frozen=True, slots=True)
class NameSpan:
    """The records of one computer name in one channel of one source."""

    source: int
    channel: int
    computer: int
    """Code of the name."""
    name: str
    first_header_id: int
    last_header_id: int
    first_record_id: int
    last_record_id: int
    last_time: datetime | None


@dataclass(frozen=True, slots=True)
class Machines:
    """All machines of a case."""

    names: dict[int, str]
    """Machine number to the name to show: its last one, without the domain where that is clear. The number comes from
    the name alone, so that it stays the same whatever else is loaded, and in whatever order."""
    of_computer: dict[tuple[int, int], int]
    """(source, computer code) to machine number."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """Names that one machine bore in one source, in order."""

    spans: tuple[NameSpan, ...]
    names: tuple[str, ...]
    """Canonical names, first to last."""

    canonical: dict[str, str]

    @property
    def final(self) -> str:
        return self.names[-1]

    @property
    def last_time(self) -> datetime | None:
        return _last_time(self.spans)

    def spans_named(self, name: str) -> list[NameSpan]:
        return [span for span in self.spans if self.canonical[span.name] == name]


def find_machines(spans: Iterable[NameSpan]) -> Machines:
    """Group computer names into machines.

    Args:
        spans: One per source, channel and computer name.

    Returns:
        The machines.
    """
    spans = list(spans)
    canonical = _canonical_names({span.name for span in spans})
    by_source: dict[int, list[NameSpan]] = defaultdict(list)
    for span in spans:
        by_source[span.source].append(span)
    chains = sorted(
        (chain for group in by_source.values() for chain in _chains(group, canonical)),
        key=lambda chain: (chain.last_time or _LONG_AGO, chain.spans[-1].name),
    )
    heirs = dict(_earlier_names(chains))
    owner = {chain.final: _last_heir(chain.final, heirs) for chain in chains}
    labels = _labels({chain.final: chain.spans[-1].name for chain in chains if owner[chain.final] == chain.final})
    number_of = _numbers(labels)
    return Machines(
        {number: labels[final] for final, number in number_of.items()},
        {(span.source, span.computer): number_of[owner[chain.final]] for chain in chains for span in chain.spans},
    )


def _numbers(finals: Iterable[str]) -> dict[str, int]:
    taken: dict[int, str] = {}
    for final in sorted(finals):
        number = crc32(final.encode("utf-8", "surrogatepass")) & _GREATEST_NUMBER
        while number in taken or not number:
            number = (number + 1) & _GREATEST_NUMBER
        taken[number] = final
    return {final: number for number, final in taken.items()}


def _canonical_names(names: set[str]) -> dict[str, str]:
    """Names without case and trailing dot; a short name becomes the full one where only one fits."""
    plain = {name: name.casefold().rstrip(".") for name in names}
    full = defaultdict(set)
    for name in plain.values():
        if "." in name:
            full[name.partition(".")[0]].add(name)
    return {name: next(iter(full[flat])) if len(full[flat]) == 1 else flat for name, flat in plain.items()}


def _chains(spans: list[NameSpan], canonical: dict[str, str]) -> Iterator[_Chain]:
    """Join the names of one source where one takes over from the other without a gap in the record IDs."""
    group_of = {canonical[span.name]: {canonical[span.name]} for span in spans}
    by_channel: dict[int, list[NameSpan]] = defaultdict(list)
    for span in spans:
        by_channel[span.channel].append(span)
    for channel_spans in by_channel.values():
        for before, after in pairwise(sorted(channel_spans, key=lambda span: span.first_header_id)):
            if before.last_header_id < after.first_header_id and after.first_record_id == before.last_record_id + 1:
                joined = group_of[canonical[before.name]] | group_of[canonical[after.name]]
                group_of.update(dict.fromkeys(joined, joined))
    for names in {id(group): group for group in group_of.values()}.values():
        own = sorted(
            (span for span in spans if canonical[span.name] in names), key=lambda span: (span.last_header_id, span.name)
        )
        yield _Chain(tuple(own), tuple(dict.fromkeys(canonical[span.name] for span in own)), canonical)


def _last_use(span: NameSpan) -> tuple[int, str]:
    return span.last_header_id, span.name


def _earlier_names(chains: list[_Chain]) -> Iterator[tuple[str, str]]:
    """A log that stops before a renaming ends with what is an earlier name in the machine's other logs.

    A name that several machines bore early on (an installation image's) joins nothing, nor does one that is used
    on after the renaming.
    """
    for final in {chain.final for chain in chains}:
        heirs = {chain.final for chain in chains if final in chain.names[:-1]}
        if len(heirs) != 1:
            continue
        own = [chain for chain in chains if chain.final == final]
        heir = heirs.pop()
        last_use = _last_time(span for c in chains if c.final == heir for span in c.spans_named(final))
        if last_use and all(heir not in chain.names for chain in own):
            own_end = _last_time(span for chain in own for span in chain.spans)
            if own_end and own_end - last_use <= _SLACK:
                yield final, heir


def _last_heir(final: str, heirs: dict[str, str]) -> str:
    seen: set[str] = set()
    while final in heirs and final not in seen:
        seen.add(final)
        final = heirs[final]
    return final


def _last_time(spans: Iterable[NameSpan]) -> datetime | None:
    return max((span.last_time for span in spans if span.last_time), default=None)


def _labels(finals: dict[str, str]) -> dict[str, str]:
    """Short names, the full one where two machines share the short one."""
    short = Counter(name.partition(".")[0].casefold() for name in finals.values())
    return {
        final: name.partition(".")[0] if short[name.partition(".")[0].casefold()] == 1 else name.rstrip(".")
        for final, name in finals.items()
    }
