"""logonscope from Python: open event logs, filter, and take events and sessions out as Arrow.

::

    import logonscope

    with logonscope.open_case("Logs") as case:
        for session in case.sessions("user:alice type:rdp").dicts():
            print(session["start"], session["end"], session["grade"])
        frame = case.events("is:failure").arrow().to_pandas()  # or polars.from_arrow(...)

Times are UTC; `logonscope columns` explains every column.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from logonscope.case.case import Case
from logonscope.case.options import USUAL_OPTIONS
from logonscope.case.view import Scope
from logonscope.export.forms import form_of, write_list
from logonscope.export.lists import LISTS, Asked
from logonscope.export.rows import arrow_schema
from logonscope.export.target_file import open_target
from logonscope.export.writers import json_records
from logonscope.filters.syntax import parse
from logonscope.lake.address import case_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logonscope.case.options import LoadOptions
    from logonscope.export.fields import Field
    from logonscope.export.lists import Found, ListKind
    from logonscope.model import ReadProblem, Source

_SCOPES = {"stays": Scope.STAYS, "visits": Scope.VISITS, "people": Scope.PEOPLE, "all": Scope.ALL}


def open_case(*paths: str | Path, options: LoadOptions = USUAL_OPTIONS) -> OpenCase:
    """Load event logs.

    Args:
        paths: Files, folders and archives, in any format that ``logonscope formats`` lists, or one lake: its folder, or
            its address in an object store. They are only read.
        options: What of them is loaded, and what it may cost.

    Returns:
        The case; close it, or use it in a ``with`` statement: its index is deleted then.

    Raises:
        SourceError: Nothing could be read.
        StoreError: The index cannot be written, e.g. because the disk is full.
    """
    case = Case([case_path(str(path)) for path in paths], options=options)
    try:
        case.load()
        if not case.sources and case.unreadable:
            raise case.unreadable[0]
    except BaseException:
        case.close()
        raise
    return OpenCase(case)


class OpenCase:
    """Loaded event logs.

    Args:
        case: The case, loaded.
    """

    def __init__(self, case: Case) -> None:
        self._case = case

    def __enter__(self) -> OpenCase:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete the index. What was taken out stays."""
        self._case.close()

    @property
    def files(self) -> Sequence[Source]:
        """The files that were read."""
        return self._case.sources

    @property
    def problems(self) -> Sequence[ReadProblem]:
        """What in them could not be read."""
        return self._case.problems

    def events(self, filter: str = "") -> Listed:
        """Events in the order of time; arguments as of ``list``."""
        return self.list("events", filter)

    def sessions(self, filter: str = "", scope: str = "stays") -> Listed:
        """Reconstructed sessions; arguments as of ``list``."""
        return self.list("sessions", filter, scope)

    def list(self, what: str, filter: str = "", scope: str = "all") -> Listed:
        """One of the lists of ``logonscope export --what``.

        Args:
            what: ``events``, ``sessions``, ``users``, ``sources``, ``boots``, ``coverage``, ``findings``,
                ``types`` or ``first-seen``.
            filter: As everywhere: ``user:alice type:rdp since:-2h``.
            scope: Which sessions, where the filter does not say: ``stays``, ``visits``, ``people`` or ``all``.

        Raises:
            KeyError: There is no such list or scope.
            FilterError: The filter is wrong; it says at which character.
        """
        kind = LISTS[what]
        return Listed(self._case, kind, kind.find(self._case, Asked(parse(filter), _SCOPES[scope])))


class Listed:
    """The rows of one list.

    Args:
        case: The case that they are of; it must stay open while they are taken out.
        kind: Which list.
        found: Its rows.
    """

    def __init__(self, case: Case, kind: ListKind, found: Found) -> None:
        self._case = case
        self._kind = kind
        self._found = found

    def __len__(self) -> int:
        return self._found.count

    @property
    def columns(self) -> tuple[Field, ...]:
        """Name, kind and meaning of each column."""
        return self._found.rows().fields

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow, some thousands at a time: for lists that do not fit in memory."""
        yield from self._found.rows().batches

    def arrow(self) -> pa.Table:
        """All rows as one Arrow table: ``.to_pandas()``, or ``polars.from_arrow`` of it."""
        rows = self._found.rows()
        return pa.Table.from_batches(rows.batches, arrow_schema(rows.fields))

    def dicts(self) -> Iterator[dict[str, Any]]:
        """The rows one by one, with values as JSON lines have them."""
        return json_records(self._found.rows())

    def write(self, path: str | Path, form: str, *, force: bool = False) -> None:
        """Write the rows to a file: whole, or not at all.

        Args:
            path: The file.
            form: ``csv``, ``jsonl``, ``parquet``, ``timesketch-csv``, ``timesketch-jsonl``, ``ecs`` or ``xml``.
            force: Write over a file that is there.

        Raises:
            OutputError: The list has no such form, the file cannot be made, is there already, or lies within the
                evidence.
            SourceError: The records cannot be read again as XML.
        """
        chosen = form_of(form, self._kind)
        with open_target(Path(path), self._case.paths, force) as out:
            missing = write_list(self._case, self._found, chosen, out)
            if missing:
                raise missing[0]
