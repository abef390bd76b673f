"""Who was on when, as shapes on lanes: one lane for each machine, or for each user."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.case.lanes import MACHINES, REFUSED, Bar, By, Drawing, Lane
from logonscope.case.scale import Scale
from logonscope.columns import SESSION_COLUMNS
from logonscope.display import plural, sanitise, time_text
from logonscope.facts.ticks import ticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from logonscope.case.case import Case
    from logonscope.case.view import View
    from logonscope.model import Session
    from logonscope.report.asked import Most

COLUMNS = 1000
"""Columns of a drawing."""
_TICKS_APART, _LAST_TICK = 120, 920
"""Columns; what is written at a tick needs room to its right."""
_MOST_ROWS = 6
"""Of a lane; stays that overlap still more are drawn over each other in the last."""
_LEAST_SPAN = timedelta(seconds=1)
_TONES = {2: "console", 11: "console", 7: "console", 13: "console", 10: "remote", 12: "remote"}
_NAMES = {MACHINES: "(machines)", REFUSED: "(only refused)"}
_MARKS = (
    ("boot", "start", ""),
    ("crash", "crash", "crashes"),
    ("cleared", "cleared log", ""),
    ("failure", "refused logon", ""),
    ("contact", "network contact", ""),
    ("work", "task or service", "tasks or services"),
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stay, or a part of the time that a machine ran or its logs lack."""

    row: int
    first: int
    width: int
    tone: str
    """``console``, ``remote``, ``other``; ``maybe`` for a time that is only possible; ``runs``, ``gap``, ``away``."""
    title: str = ""
    session: int | None = None
    """The stay that it stands for, where that is one alone."""
    begins_before: bool = False
    """Its beginning is not in the log."""
    is_open: bool = False
    """Still on when the log ends."""


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """One lane with all that is drawn on it."""

    name: str
    words: str
    """The lane told in words."""
    rows: int
    stretches: tuple[Stretch, ...]
    marks: Mapping[str, tuple[int, ...]]
    """Columns of each kind of mark."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The lanes of one kind over the span of the case."""

    by: By
    since: datetime
    until: datetime
    ticks: tuple[tuple[int, str], ...]
    """Columns and what stands there."""
    lanes: tuple[DrawnLane, ...]
    left_out: int
    """Lanes that are not drawn."""


def chart_of(case: Case, view: View, by: By, most: Most) -> Chart | None:
    """Draw the sessions of a view; None where nothing has a time.

    Args:
        case: The case.
        view: The filter and the scope.
        by: What a lane is.
        most: How many lanes are wanted.
    """
    found = case.over_time.lanes(view, by)
    if found is None:
        return None
    scale = Scale(found.since, max(found.until, found.since + _LEAST_SPAN), COLUMNS)
    wanted = [lane for lane in found.lanes if by == "machine" or lane.stays or lane.failures or lane.key == MACHINES]
    lanes = wanted[: most.lanes]
    drawing = case.over_time.drawing(view, by, lanes, scale)
    stays = _stays(case, drawing.bars)
    return Chart(
        by,
        found.since,
        found.until,
        tuple(tick for tick in ticks(scale, _TICKS_APART) if tick[0] <= _LAST_TICK),
        tuple(_lane(lane, drawing, stays) for lane in lanes),
        len(found.lanes) - len(lanes),
    )


def _stays(case: Case, bars: Iterable[Bar]) -> dict[int, Session]:
    single = [bar.session_id for bar in bars if bar.times == 1]
    return dict(zip(single, case.sessions(single), strict=True))


def _lane(lane: Lane, drawing: Drawing, stays: Mapping[int, Session]) -> DrawnLane:
    own = [bar for bar in drawing.bars if bar.lane == lane.key]
    rows: list[int] = []
    stretches = [
        Stretch(0, *_clipped(span.first, span.last), "gap" if span.kind == "gap" else "runs")
        for span in drawing.gaps
        if span.owner == lane.key
    ]
    away = defaultdict(list)
    for span in drawing.away:
        away[span.owner].append(span)
    for bar in own:
        row = _free_row(rows, bar)
        stretches += _bar(bar, row, stays.get(bar.session_id) if bar.times == 1 else None)
        stretches += [
            Stretch(row, *_clipped(span.first, span.last), "away", f"{span.kind} meanwhile")
            for span in away[bar.session_id]
            if bar.times == 1
        ]
    marks = {
        kind: tuple(mark.column for mark in drawing.marks if mark.lane == lane.key and mark.kind == kind)
        for kind, *_ in _MARKS
    }
    name = _NAMES.get(lane.key) or sanitise(lane.name) or "(no name)"
    words = _words(lane, own, drawing)
    return DrawnLane(name, words, max(1, len(rows)), tuple(stretches), {k: v for k, v in marks.items() if v})


def _free_row(ends: list[int], bar: Bar) -> int:
    """The first row in which nothing lies at that time; ``ends`` are the last columns that are taken."""
    row = next((row for row, end in enumerate(ends) if end < bar.first), len(ends))
    if row < _MOST_ROWS:
        ends[row : row + 1] = [bar.last]
        return row
    ends[-1] = max(ends[-1], bar.last)
    return _MOST_ROWS - 1


def _bar(bar: Bar, row: int, stay: Session | None) -> list[Stretch]:
    tone = _TONES.get(bar.logon_type or 0, "other")
    title = _title(stay) if stay else plural(bar.times, "stay")
    session = stay.session_id if stay else None
    drawn = [Stretch(row, *_clipped(bar.first, bar.sure), tone, title, session, bar.begins_before, bar.is_open)]
    if bar.last > bar.sure:
        drawn.append(Stretch(row, *_clipped(bar.sure + 1, bar.last), "maybe", f"possibly still: {title}", session))
    return drawn


def _clipped(first: int, last: int) -> tuple[int, int]:
    """Where a stretch begins on the drawing, and how wide it is: a column at least."""
    begin = min(max(0, first), COLUMNS - 1)
    return begin, max(1, min(last, COLUMNS - 1) - begin + 1)


def _title(stay: Session) -> str:
    cells = {column.name: column.text(stay) for column in SESSION_COLUMNS}
    where = f" on {cells['machine']}" + (f" from {cells['source']}" if cells["source"] != "-" else "")
    return (
        f"{cells['user']}{where}, {cells['type']}, {cells['start']} to {cells['end']} UTC, lasted {cells['lasted']},"
        f" grade {stay.grade} ({cells['how it ended']})"
    )


def _words(lane: Lane, bars: Sequence[Bar], drawing: Drawing) -> str:
    """What is drawn on a lane, for who cannot see it."""
    counted: Counter[str] = Counter()
    for mark in drawing.marks:
        if mark.lane == lane.key:
            counted[mark.kind] += mark.times
    told = [plural(lane.stays, "stay")] if lane.key >= 0 else []
    told += [plural(counted[kind], one, more) for kind, one, more in _MARKS if counted[kind]]
    gaps = sum(span.owner == lane.key and span.kind == "gap" for span in drawing.gaps)
    told += [plural(gaps, "gap in the logs", "gaps in the logs")] if gaps else []
    if bars:
        first, last = min(bar.first for bar in bars), max(bar.last for bar in bars)
        begin = "before the log" if first < 0 else time_text(drawing.scale.start(first))[:16]
        end = time_text(drawing.scale.start(min(last, COLUMNS - 1) + 1))[:16]
        told.append(f"stays between {begin} and {end} UTC")
    return ", ".join(told) or "nothing"
