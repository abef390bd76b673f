"""One coding for the whole lake: the texts and the sources of what was read get the lake's numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logonscope.fleet.lake_writing import leave, put
from logonscope.fleet.tables import DIM_KEYS
from logonscope.lake.parquet_sql import parquet

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from logonscope.fleet.lake_folder import LakeFolder
    from logonscope.fleet.parse import Parsed
    from logonscope.lake.address import LakePlace
    from logonscope.lake.snapshot import LakeFile

_SOURCE = "(s.source + p.base)::INTEGER AS source"
_EMPTY = {"text": "VARCHAR", "sid": "VARCHAR", "name": "VARCHAR", "domain": "VARCHAR", "kind": "VARCHAR"}


@dataclass(frozen=True, slots=True)
class Coded:
    """What was read, in the lake's numbers; the events still have their own."""

    added: dict[str, LakeFile] = field(default_factory=dict)
    """A new file of each table that grew."""
    bases: dict[str, int] = field(default_factory=dict)
    """By key of a part, what is added to its numbers of sources."""
    maps: dict[str, LakePlace] = field(default_factory=dict)
    """By dim, a file of (part, code, lake_code); part is the base."""


class Coding:
    """Gives the numbers.

    Args:
        con: A connection of its own; temporary tables are made in it.
        lake: The lake.
        parts: What was read, in the order of the paths.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, lake: LakeFolder, parts: Sequence[Parsed]) -> None:
        self._con = con
        self._lake = lake
        self._parts = parts
        self._coded = Coded()

    def number(self) -> Coded:
        """Number everything, and write what the merging of groups needs of it."""
        self._number_sources()
        for name, keys in DIM_KEYS.items():
            self._code(name, keys)
        self._append("source", "(s.number + p.base)::INTEGER AS number", "")
        computer = "JOIN map_computer c ON c.part = p.base AND c.code = s.computer"
        self._append("holding", f"{_SOURCE}, c.lake_code AS computer", computer)
        self._append(
            "name_span",
            f"{_SOURCE}, c.lake_code AS computer, h.lake_code AS channel",
            f"{computer} JOIN map_channel h ON h.part = p.base AND h.code = s.channel",
        )
        return self._coded

    def write(self) -> None:
        """Write the other tables that grow."""
        for name in DIM_KEYS:
            self._keep(f"dim_{name}", f"FROM fresh_{name} ORDER BY code")
        for table in ("problem", "sign", "chunk_place"):
            self._append(table, _SOURCE, "")

    def _number_sources(self) -> None:
        held = self._lake.files("source")
        (base,) = (self._con.execute(f"SELECT max(number) FROM {parquet(held)}").fetchone() if held else None) or (0,)
        self._con.execute("CREATE OR REPLACE TEMP TABLE part (file VARCHAR, base INTEGER)")
        for parsed in self._parts:
            self._coded.bases[parsed.key] = base
            self._con.execute("INSERT INTO part VALUES (?, ?)", [str(self._lake.staging / parsed.folder), base])
            base += parsed.sources

    def _staged(self, table: str) -> str:
        """A table of all parts, with the base of each."""
        files = [self._lake.staging / parsed.folder / f"{table}.parquet" for parsed in self._parts]
        named = f"{parquet(files, ', filename = true')} s"
        return f"{named} JOIN part p ON s.filename = p.file || '/{table}.parquet'"

    def _append(self, table: str, columns: str, joins: str) -> None:
        self._keep(table, f"SELECT s.* EXCLUDE (filename) REPLACE ({columns}) FROM {self._staged(table)} {joins}")

    def _keep(self, table: str, query: str) -> None:
        file = put(self._con, self._lake.path, table, query, self._lake.next_generation)
        if file.rows:
            self._coded.added[table] = file

    def _code(self, name: str, keys: Sequence[str]) -> None:
        """Number the texts that are new, in the order in which they come, and say which code stands for which."""
        con, table, key = self._con, f"dim_{name}", ", ".join(keys)
        held = self._lake.files(table)
        empty = ", ".join(f"''::{_EMPTY[one]} AS {one}" for one in keys)
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE known AS
            {f"SELECT code, {key} FROM {parquet(held)}" if held else f"SELECT 0::INTEGER AS code, {empty} WHERE false"};
            CREATE OR REPLACE TEMP TABLE staged_text AS SELECT p.base, s.code, {key} FROM {self._staged(table)};
            CREATE OR REPLACE TEMP TABLE fresh_{name} AS
            SELECT (coalesce((SELECT max(code) FROM known), -1)
                    + row_number() OVER (ORDER BY min((s.base, s.code))))::INTEGER AS code, {key}
            FROM staged_text s ANTI JOIN known USING ({key}) GROUP BY {key};
            CREATE OR REPLACE TEMP TABLE map_{name} AS
            SELECT s.base AS part, s.code, k.code AS lake_code
            FROM staged_text s JOIN (FROM known UNION ALL FROM fresh_{name}) k USING ({key});
        """)
        path = self._lake.staging / f"map_{name}.parquet"
        leave(con, f"FROM map_{name} ORDER BY part", path)
        self._coded.maps[name] = path
