"""The card of a user, a source or a machine, line by line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.display import duration_text, plural, sanitise, time_text
from logonscope.facts.finding import finding_line
from logonscope.facts.first_seen import first_seen_line
from logonscope.facts.heatmap import heatmap_lines
from logonscope.knowledge.codes import status_text
from logonscope.knowledge.logon_types import logon_type_text
from logonscope.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logonscope.case.card import Card, Failure, Use
    from logonscope.case.first_seen import Reach

_ROWS = 12
_FIRSTS = 8
_FINDINGS = 15
_SOON = timedelta(days=1)
_TITLES = {"machine": "Machines", "user": "Users", "source": "Sources", "logon type": "Logon types"}
_UNNAMED = {"source": "no source named", "user": "no name"}
_KERBEROS = (4768, 4771)


def card_facts(card: Card, *, blocks: bool = True) -> tuple[Fact, ...]:
    """A card, sanitised.

    Args:
        card: The card.
        blocks: Draw the hours with block characters; in ASCII otherwise.
    """
    return (
        *_head(card),
        *(fact for title, uses in card.tables.items() for fact in _table(title, uses)),
        *_failures(card.failures),
        *_hours(card, blocks=blocks),
        *_firsts(card),
        *_findings(card),
        *_covered(card.reaches),
    )


def _head(card: Card) -> Iterator[Fact]:
    yield Fact(f"{card.kind.capitalize()} {sanitise(card.name)}", heading=True)
    names = [sanitise(name) for name in card.names]
    more = f" and {len(names) - _ROWS:,} more" if len(names) > _ROWS else ""
    yield Fact(", ".join(names[:_ROWS]) + more, "In the logs")
    yield Fact(f"{time_text(card.total.first)} to {time_text(card.total.last)} UTC", "Seen", _before(card))
    yield Fact(_counts(card.total) or "no session and no refusal", "What")
    if card.total.stays:
        unsure = f"; of {plural(card.unsure, 'stay')} an end is not known for sure" if card.unsure else ""
        longest = f", the longest {duration_text(card.longest)}" if card.longest is not None else ""
        yield Fact(f"{duration_text(card.on)} in all{longest}{unsure}", "Stays lasted")
    if card.privileges:
        yield Fact(", ".join(map(sanitise, card.privileges)), "Privileges at logon (4672)")


def _before(card: Card) -> str:
    """Whether the logs could have shown it earlier."""
    since = min((reach.since for reach in card.reaches), default=None)
    if since is None or card.total.first is None:
        return "there is no Security log of these machines"
    if card.total.first - since < _SOON:
        return "from the beginning of the logs on: what was before is not known"
    return f"the Security logs reach back to {time_text(since)}"


def _counts(use: Use) -> str:
    told = [
        plural(use.stays, "stay"),
        plural(use.contacts, "contact"),
        plural(use.work, "task or service", "tasks and services"),
        plural(use.system, "session of the system", "sessions of the system"),
        f"{use.refused:,} refused",
        f"{plural(use.privileged, 'time')} with administrator rights",
    ]
    counts = (use.stays, use.contacts, use.work, use.system, use.refused, use.privileged)
    return ", ".join(text for text, count in zip(told, counts, strict=True) if count)


def _table(title: str, uses: Sequence[Use]) -> Iterator[Fact]:
    yield Fact(f"{_TITLES[title]} ({len(uses):,})", heading=True)
    for use in uses[:_ROWS]:
        what = _what(title, use.what)
        yield Fact(f"{_counts(use)}; {time_text(use.first)} to {time_text(use.last)}", what)
    yield from _more(len(uses) - _ROWS)


def _what(title: str, what: str) -> str:
    if title == "logon type":
        return logon_type_text(int(what)) if what else "no type named"
    return sanitise(what) or _UNNAMED.get(title, "-")


def _more(count: int) -> Iterator[Fact]:
    if count > 0:
        yield Fact(f"... and {count:,} more")


def _failures(failures: Sequence[Failure]) -> Iterator[Fact]:
    if failures:
        yield Fact(f"Refused logons ({sum(failure.times for failure in failures):,} records)", heading=True)
    for failure in failures[:_ROWS]:
        reason = status_text(failure.status, "kerberos" if failure.event_id in _KERBEROS else "ntstatus")
        span = f"{time_text(failure.first)} to {time_text(failure.last)}"
        yield Fact(f"{failure.times:,} x {reason} ({failure.event_id}); {span}")
    yield from _more(len(failures) - _ROWS)


def _hours(card: Card, *, blocks: bool) -> Iterator[Fact]:
    if not any(map(any, card.hours)):
        return
    whose = "sessions" if card.kind == "user" else "people's sessions"
    yield Fact(f"Beginnings of {whose} by weekday and hour, UTC", heading=True)
    yield from map(Fact, heatmap_lines(card.hours, blocks=blocks))
    left_out = f" (without {card.unzoned:,} where the logs do not tell the zone)" if card.unzoned else ""
    if not any(map(any, card.local_hours)):
        yield Fact("The logs do not tell the time zone of these machines.")
    elif card.local_hours == card.hours:
        yield Fact("By the clock of the machines it is the same.")
    else:
        yield Fact(f"By the clock of the machines{left_out}", heading=True)
        yield from map(Fact, heatmap_lines(card.local_hours, blocks=blocks))


def _firsts(card: Card) -> Iterator[Fact]:
    if card.firsts:
        count = plural(len(card.firsts), "combination")
        yield Fact(f"Seen for the first time, the latest first ({count})", heading=True)
    yield from (Fact(first_seen_line(first)) for first in card.firsts[:_FIRSTS])
    yield from _more(len(card.firsts) - _FIRSTS)


def _findings(card: Card) -> Iterator[Fact]:
    yield Fact(f"Findings that concern it ({len(card.findings):,})", heading=True)
    if not card.findings:
        yield Fact("none")
    yield from (Fact(finding_line(finding)) for finding in card.findings[:_FINDINGS])
    yield from _more(len(card.findings) - _FINDINGS)


def _covered(reaches: Sequence[Reach]) -> Iterator[Fact]:
    yield Fact("What the Security logs of these machines cover", heading=True)
    if not reaches:
        yield Fact("nothing: there is no such log")
    for reach in reaches[:_ROWS]:
        holes = f", with {plural(len(reach.holes), 'hole')}: logonscope coverage" if reach.holes else ""
        span = f"{time_text(reach.since)} to {time_text(reach.until)}"
        yield Fact(f"{span}, {plural(reach.records, 'record')}{holes}", sanitise(reach.machine))
    yield from _more(len(reaches) - _ROWS)
