"""The forms that lists are exported in, and writing one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from logonscope.errors import OutputError, QueryCancelledError
from logonscope.export.ecs import write_ecs
from logonscope.export.event_xml import write_event_xml
from logonscope.export.timesketch import write_timesketch_csv, write_timesketch_jsonl
from logonscope.export.writers import write_csv, write_jsonl, write_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

    from logonscope.case.case import Case
    from logonscope.errors import SourceError
    from logonscope.export.lists import Found, ListKind
    from logonscope.export.rows import Rows


@dataclass(frozen=True, slots=True)
class Form:
    """One form."""

    name: str
    ending: str
    """Of a file's name."""
    means: str
    write: Callable[[Rows, BinaryIO], None] | None
    """None for the form that is read from the evidence again."""
    events_only: bool = False
    needs_time: bool = False
    """Whether only rows with a time make sense in it."""
    is_binary: bool = False

    def fits(self, kind: ListKind) -> bool:
        """Whether a list can be written in it."""
        return kind.name == "events" or (not self.events_only and (not self.needs_time or kind.name in _TIMED))


_TIMED = ("sessions", "boots", "coverage", "findings")
FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        Form("csv", ".csv", "for spreadsheets; formulas made harmless", write_csv),
        Form("jsonl", ".jsonl", "one JSON object a line", write_jsonl),
        Form("parquet", ".parquet", "typed columns for DuckDB, Polars, pandas, Spark", write_parquet, is_binary=True),
        Form("timesketch-csv", ".csv", "a Timesketch timeline", write_timesketch_csv, needs_time=True),
        Form("timesketch-jsonl", ".jsonl", "the same as JSON lines", write_timesketch_jsonl, needs_time=True),
        Form("ecs", ".jsonl", "ECS documents by winlogbeat's names, for Elastic", write_ecs, events_only=True),
        Form("xml", ".xml", "records as Windows wrote them", None, events_only=True),
    )
}
"""All forms by name."""


def form_of(name: str, kind: ListKind) -> Form:
    """A form for a list.

    Raises:
        OutputError: The list cannot be written in it.
    """
    form = FORMS[name]
    if not form.fits(kind):
        fitting = ", ".join(other.name for other in FORMS.values() if other.fits(kind))
        raise OutputError(f"{kind.name} cannot be written as {name}", f"There is {fitting} for them.")
    return form


def write_list(
    case: Case,
    found: Found,
    form: Form,
    out: BinaryIO,
    step: Callable[[int, int], bool] = lambda done, count: True,
) -> Sequence[SourceError]:
    """Write a list.

    Args:
        case: The case.
        found: Its rows.
        form: In which form.
        out: Where to write.
        step: Told how many rows are done, of how many; says whether to go on.

    Returns:
        What of the evidence could not be read again, where the form asks for that.

    Raises:
        QueryCancelledError: It was not to go on.
    """

    def tell(done: int) -> None:
        if not step(done, found.count):
            raise QueryCancelledError("the export was stopped")

    tell(0)
    if form.write:
        rows = found.rows()
        form.write(replace(rows, batches=_counted(rows, tell)), out)
        return ()
    return write_event_xml(case, [] if found.ids is None else found.ids.to_pylist(), out, tell)


def _counted(rows: Rows, tell: Callable[[int], None]) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in rows.batches:
        yield batch
        done += batch.num_rows
        tell(done)
