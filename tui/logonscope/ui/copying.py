"""Rows as text, CSV, JSON or citations, for the clipboard. What fetches from the case runs in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from logonscope.display import sanitise, time_text
from logonscope.facts.citation import citation
from logonscope.knowledge.coverage import mark_sentence
from logonscope.model import Boot, CoverageMark, Event, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.case.case import Case
    from logonscope.ui.panes import Pane

_RECORDS_CITED = 200


@dataclass(frozen=True, slots=True)
class CopyForm:
    """One form that rows can be copied in."""

    key: str
    name: str
    help: str
    write: Callable[[Case, Pane, Sequence[int]], str]
    """Writes rows of a pane by their numbers or IDs."""


def _as_text(case: Case, pane: Pane, rows: Sequence[int]) -> str:
    return "\n".join("\t".join(pane.row(item).cells) for item in pane.fetch(case, rows))


def _as_csv(case: Case, pane: Pane, rows: Sequence[int]) -> str:
    from logonscope.export.stored_rows import stored_rows
    from logonscope.export.writers import write_csv

    out = BytesIO()
    write_csv(stored_rows(case, pane.target, rows), out)
    return out.getvalue().decode()


def _as_json(case: Case, pane: Pane, rows: Sequence[int]) -> str:
    from logonscope.export.stored_rows import stored_rows
    from logonscope.export.writers import write_jsonl

    out = BytesIO()
    write_jsonl(stored_rows(case, pane.target, rows), out)
    return out.getvalue().decode()


def _as_citations(case: Case, pane: Pane, rows: Sequence[int]) -> str:
    return "\n".join(line for item in pane.fetch(case, rows) for line in _cited(case, item))


FORMS: tuple[CopyForm, ...] = (
    CopyForm("t", "text", "the cells, with tabs between them", _as_text),
    CopyForm("c", "CSV", "all fields; formulas made harmless", _as_csv),
    CopyForm("j", "JSON", "all fields, one object a line", _as_json),
    CopyForm("i", "citation", "file, channel, EventRecordID and time of the records", _as_citations),
)


def _cited(case: Case, item: Event | Session | Boot | CoverageMark) -> list[str]:
    match item:
        case Event():
            return _records(case, [item])
        case Session():
            when = f"{time_text(item.start or item.start_latest)} to {time_text(item.end)} UTC"
            who = f"{sanitise(item.account.label)}, {when}, end known by {item.end_evidence} (grade {item.grade})"
            evidence = [entry.row for entry in case.evidence(item.session_id) if entry.role != "acted"]
            rows = list(dict.fromkeys(evidence))
            more = [f"  and {len(rows) - _RECORDS_CITED:,} more"] if len(rows) > _RECORDS_CITED else []
            records = _records(case, case.events(rows[:_RECORDS_CITED]))
            return [f"session {sanitise(item.key)}: {who}", *(f"  {line}" for line in records), *more]
        case Boot():
            head = f"{sanitise(item.machine)}, boot {item.number}: from {time_text(item.start)} ({item.start_evidence})"
            rows = [row for row in (item.start_row, item.end_row) if row is not None]
            return [head, *(f"  {line}" for line in _records(case, case.events(rows)))]
        case CoverageMark():
            rows = [item.row] if item.row is not None else []
            return [mark_sentence(item), *(f"  {line}" for line in _records(case, case.events(rows)))]


def _records(case: Case, events: Sequence[Event]) -> list[str]:
    sources = {source.number: source for source in case.sources}
    return [citation(event, sources.get(event.source)) for event in events]
