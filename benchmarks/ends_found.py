"""Ends of people's stays that pairing by logon ID alone finds, beside ours, as Markdown: ends_found.py [SAMPLES].

Two ways of pairing, from the events alone, by computer and logon ID: the first later 4634 (most scripts), and whatever
4634 or 4647 comes last of all, if it is later (takajo). A stay counts as found if any of its tokens gets an end, which
is kind to them: they list the two tokens of one person as two logons. An end is wrong if Windows started between the
two records, or if the record does not belong to the stay.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from big_log import SHARED
from logonscope.case.case import Case
from logonscope.case.view import View
from logonscope.filters.syntax import parse
from logonscope.knowledge.ends import end_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from logonscope.model import Event, Session

SECURITY = "Microsoft-Windows-Security-Auditing"
FULL_LOGS = "machines"
"""Folder of the logs that LOGON.md counts too, three of its six."""
GRADES = "ABCD-T"


def events_of(case: Case) -> list[Event]:
    """Starts of Windows, logons and logoffs in the order of time, as anybody would read them."""
    window = case.window(View("event", parse("event:4608,4624,4634,4647")))
    return [event for event in case.events(window.page(0, window.count)) if event.provider == SECURITY and event.time]


def stays_of(case: Case) -> list[Session]:
    """People's stays at a desktop, those of Windows' setup account too."""
    window = case.window(View("session"))
    stays = case.sessions(window.page(0, window.count))
    return [stay for stay in stays if stay.logon_class == "stay" and stay.account_kind in ("person", "setup")]


def first_4634(events: Iterable[Event]) -> dict[int, Event]:
    """The first later 4634, by the row of the 4624."""
    waiting: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    ends: dict[int, Event] = {}
    for event in events:
        key = event.computer, event.logon_id
        if event.event_id == 4624:
            waiting[key].append(event.row)
        elif event.event_id == 4634:
            ends.update(dict.fromkeys(waiting.pop(key, ()), event))
    return ends


def last_logoff(events: Sequence[Event]) -> dict[int, Event]:
    """The last 4634 or 4647 if it is later, by the row of the 4624."""
    last = {(event.computer, event.logon_id): event for event in events if event.event_id in (4634, 4647)}
    logons = [event for event in events if event.event_id == 4624]
    ends = ((logon, last.get((logon.computer, logon.logon_id))) for logon in logons)
    return {logon.row: end for logon, end in ends if end and logon.time and end.time and end.time > logon.time}


PAIRINGS: dict[str, Callable[[Sequence[Event]], dict[int, Event]]] = {
    "first 4634": first_4634,
    "last 4634/4647": last_logoff,
}


def tally(case: Case) -> Counter[str]:
    """Count the stays of a case, the ends found for them, and those that are wrong."""
    events = events_of(case)
    logons = {event.row: event for event in events if event.event_id == 4624}
    starts = [event for event in events if event.event_id == 4608]
    paired = {name: pair(events) for name, pair in PAIRINGS.items()}
    counts: Counter[str] = Counter()
    for stay in stays_of(case):
        counts.update(("stays", f"grade {stay.grade}", f"end {stay.end_evidence} {stay.grade}"))
        counts["defaultuser0"] += stay.account_kind == "setup"
        records = case.evidence(stay.session_id)
        tokens = {record.row for record in records if record.role == "open"} & logons.keys()
        closing = {record.row for record in records if record.role in ("ask", "close")}
        counts["4624"] += sum(record.row in logons and record.role != "acted" for record in records)
        for name, ends in paired.items():
            found = [(logons[row], ends[row]) for row in sorted(tokens & ends.keys())]
            counts[name] += bool(found)
            counts[f"{name} wrong"] += any(
                end.row not in closing or any(is_between(start, logon, end) for start in starts) for logon, end in found
            )
    return counts


def is_between(start: Event, logon: Event, end: Event) -> bool:
    """Whether Windows started between two records, by their order in the log."""
    same_log = start.source == logon.source == end.source
    return same_log and logon.header_id < start.header_id < end.header_id


def tallies(samples: Path) -> Iterator[tuple[str, Counter[str]]]:
    """Samples that hold stays, with their counts; one whose stays another sample holds too is left out."""
    seen: set[tuple[object, ...]] = set()
    paths = (path for path in samples.glob("*/*") if path.is_dir() or path.suffix == ".evtx")
    for path in sorted(paths, key=lambda path: (path.parent.name == "damaged", path)):
        with tempfile.TemporaryDirectory() as work, Case([path], work_parent=Path(work)) as case:
            case.load()
            stays = {(stay.machine, stay.logon_ids, stay.start, stay.end) for stay in stays_of(case)}
            if stays - seen:
                yield str(path.relative_to(samples)), tally(case)
            seen |= stays


def row(name: str, counts: Counter[str]) -> str:
    """One line of the table of samples."""
    cells = [name, counts["stays"], counts["defaultuser0"], counts["4624"]]
    for pairing in PAIRINGS:
        cells += [counts[pairing], counts[f"{pairing} wrong"]]
    return cell_line([*cells, *(counts[f"grade {grade}"] for grade in GRADES)])


def cell_line(cells: Iterable[object]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def main(samples: Path = SHARED / "samples") -> None:
    """Print the samples and their sums, then the evidence of our ends.

    Raises:
        SystemExit: If there are no samples.
    """
    if not samples.is_dir():
        raise SystemExit(f"no samples at {samples}")
    heads = ["sample", "stays", "of them defaultuser0", "their 4624"]
    for pairing in PAIRINGS:
        heads += [pairing, "wrong"]
    print(cell_line([*heads, *GRADES]))
    print(cell_line(["---"] * (len(heads) + len(GRADES))))
    total: Counter[str] = Counter()
    full: Counter[str] = Counter()
    for name, counts in tallies(samples):
        print(row(name, counts), flush=True)
        total += counts
        if name.startswith(FULL_LOGS):
            full += counts
    print(row("**all**", total))
    print(row(f"**of them {FULL_LOGS}/**", full))
    print()
    print(cell_line(["our end", "grade", "stays", f"of them {FULL_LOGS}/"]))
    print(cell_line(["---"] * 4))
    for evidence, grade in product(end_kinds(), GRADES):
        if found := total[end := f"end {evidence} {grade}"]:
            print(cell_line([evidence, grade, found, full[end]]))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
