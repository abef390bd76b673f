"""The card of a user, a source or a machine, part by part: each line with the rows that it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from logonscope.display import duration_text, plural, sanitise, time_text
from logonscope.facts.finding import SEVERITY_TONES, severity_text
from logonscope.facts.first_seen import first_seen_filter, first_seen_words
from logonscope.facts.heatmap import heatmap_lines
from logonscope.filters.edit import with_term
from logonscope.filters.quotes import quoted
from logonscope.knowledge.codes import codes, status_text
from logonscope.knowledge.logon_types import logon_type_text
from logonscope.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logonscope.case.card import Card, Failure, Hours, Use

_ROWS = 12
_FIRSTS = 8
_FINDINGS = 15
_SOON = timedelta(days=1)
_TITLES = {"machine": "Machines", "user": "Users", "source": "Sources", "logon type": "Logon types"}
_FIELDS = {"machine": "machine", "user": "user", "source": "from", "logon type": "type"}
_UNNAMED = {"source": "no source named", "user": "no name"}
_KERBEROS = (4768, 4771)


@dataclass(frozen=True, slots=True)
class Lead:
    """Rows that a line speaks of."""

    pane: Literal["events", "sessions", "coverage"]
    filter_text: str
    row: int | None = None
    """Row number of the event to begin with."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of a card, sanitised."""

    fact: Fact
    lead: Lead | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class CardPart:
    """Lines about one thing."""

    name: str
    heading: str
    lines: tuple[CardLine, ...]
    printed: int = _ROWS
    """How many lines are printed."""


def card_parts(card: Card, *, blocks: bool = True) -> tuple[CardPart, ...]:
    """All parts of a card that there is something to say of.

    Args:
        card: The card.
        blocks: Draw the hours with block characters; in ASCII otherwise.
    """
    about = with_term("", _FIELDS[card.kind], card.name)
    parts = (
        CardPart("about", f"{card.kind.capitalize()} {sanitise(card.name)}", tuple(_about(card, about))),
        *(
            CardPart(title, f"{_TITLES[title]} ({len(uses):,})", tuple(_use(title, use, about) for use in uses))
            for title, uses in card.tables.items()
        ),
        _refused(card.failures, about),
        _privileges(card.privileges, about),
        *_hours(card, blocks=blocks),
        _firsts(card),
        _findings(card),
        _covered(card),
    )
    return tuple(part for part in parts if part.lines)


def _about(card: Card, about: str) -> Iterator[CardLine]:
    names = [sanitise(name) for name in card.names]
    more = f" and {len(names) - _ROWS:,} more" if len(names) > _ROWS else ""
    lead = _lead(card.total, about)
    yield CardLine(Fact(", ".join(names[:_ROWS]) + more, "In the logs"), lead)
    yield CardLine(Fact(f"{_span(card.total)} UTC", "Seen", _before(card)), lead)
    yield CardLine(Fact(_counts(card.total) or "no session and no refusal", "What"), lead)
    if card.total.stays:
        unsure = f"; of {plural(card.unsure, 'stay')} an end is not known for sure" if card.unsure else ""
        longest = f", the longest {duration_text(card.longest)}" if card.longest is not None else ""
        yield CardLine(Fact(f"{duration_text(card.on)} in all{longest}{unsure}", "Stays lasted"), lead)


def _before(card: Card) -> str:
    """Whether the logs could have shown it earlier."""
    since = min((reach.since for reach in card.reaches), default=None)
    if since is None or card.total.first is None:
        return "there is no Security log of these machines"
    if card.total.first - since < _SOON:
        return "from the beginning of the logs on: what was before is not known"
    return f"the Security logs reach back to {time_text(since)}"


def _span(entry: Use | Failure) -> str:
    return f"{time_text(entry.first)} to {time_text(entry.last)}"


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


def _use(title: str, use: Use, about: str) -> CardLine:
    text = with_term(about, _FIELDS[title], use.what) if use.what else ""
    return CardLine(Fact(f"{_counts(use)}; {_span(use)}", _what(title, use.what)), _lead(use, text) if text else None)


def _lead(use: Use, text: str) -> Lead:
    """Sessions where there are any, refusals otherwise."""
    if use.stays or use.contacts or use.work or use.system:
        return Lead("sessions", text)
    return Lead("events", f"{text} is:failure")


def _what(title: str, what: str) -> str:
    if title == "logon type":
        return logon_type_text(int(what)) if what else "no type named"
    return sanitise(what) or _UNNAMED.get(title, "-")


def _refused(failures: Iterable[Failure], about: str) -> CardPart:
    failures = tuple(failures)
    heading = f"Refused logons ({sum(failure.times for failure in failures):,} records)"
    return CardPart("refused", heading, tuple(_failure(failure, about) for failure in failures))


def _failure(failure: Failure, about: str) -> CardLine:
    reason = status_text(failure.status, "kerberos" if failure.event_id in _KERBEROS else "ntstatus")
    text = f"{about} is:failure"
    if failure.status:
        text = with_term(text, "status", f"{failure.status:#x}")
    told = f"{failure.times:,} x in {failure.event_id}; {_span(failure)}"
    return CardLine(Fact(told, reason or "no reason named"), Lead("events", text))


def _privileges(privileges: Iterable[str], about: str) -> CardPart:
    known = codes().privilege
    lines = (
        CardLine(
            Fact(known.get(name, "nothing is known of it"), sanitise(name)), Lead("events", f"{about} {quoted(name)}")
        )
        for name in privileges
    )
    return CardPart("privilege", "Privileges at logon (4672)", tuple(lines))


def _hours(card: Card, *, blocks: bool) -> Iterator[CardPart]:
    if not any(map(any, card.hours)):
        return
    whose = "sessions" if card.kind == "user" else "people's sessions"
    remark = ""
    if not any(map(any, card.local_hours)):
        remark = "The logs do not tell the time zone of these machines."
    elif card.local_hours == card.hours:
        remark = "By the clock of the machines it is the same."
    lines = _week(card.hours, blocks=blocks)
    lines += [CardLine(Fact(remark))] if remark else []
    yield CardPart("hours UTC", f"Beginnings of {whose} by weekday and hour, UTC", tuple(lines))
    if not remark:
        left_out = f" (without {card.unzoned:,} where the logs do not tell the zone)" if card.unzoned else ""
        heading = f"By the clock of the machines{left_out}"
        yield CardPart("hours local", heading, tuple(_week(card.local_hours, blocks=blocks)))


def _week(hours: Hours, *, blocks: bool) -> list[CardLine]:
    return [CardLine(Fact(line)) for line in heatmap_lines(hours, blocks=blocks)]


def _firsts(card: Card) -> CardPart:
    count = plural(len(card.firsts), "combination")
    lines = (
        CardLine(
            Fact(first_seen_words(first), time_text(first.first)), Lead("events", first_seen_filter(first), first.row)
        )
        for first in card.firsts
    )
    return CardPart("first seen", f"Seen for the first time, the latest first ({count})", tuple(lines), _FIRSTS)


def _findings(card: Card) -> CardPart:
    lines = [
        CardLine(
            Fact(finding.seen, f"{severity_text(finding)} {finding.rule}"),
            Lead("events", finding.filter, next(iter(finding.rows), None)),
            SEVERITY_TONES[finding.severity],
        )
        for finding in card.findings
    ]
    heading = f"Findings that concern it ({len(card.findings):,})"
    return CardPart("finding", heading, tuple(lines) or (CardLine(Fact("none")),), _FINDINGS)


def _covered(card: Card) -> CardPart:
    lines = []
    for reach in card.reaches:
        holes = f", with {plural(len(reach.holes), 'hole')}: logonscope coverage" if reach.holes else ""
        told = f"{time_text(reach.since)} to {time_text(reach.until)}, {plural(reach.records, 'record')}{holes}"
        text = with_term(with_term("", "machine", reach.machine), "channel", "Security")
        lines.append(CardLine(Fact(told, sanitise(reach.machine)), Lead("coverage", text)))
    nothing = CardLine(Fact("nothing: there is no such log"))
    return CardPart("covered", "What the Security logs of these machines cover", tuple(lines) or (nothing,))
