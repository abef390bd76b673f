"""Temporary tables that Python works out while DuckDB does something else."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import duckdb
import pytest

from logonscope.sessions.staging import shaped, stage, stage_beside

if TYPE_CHECKING:
    import pyarrow as pa


def test_duckdb_goes_on_while_python_works() -> None:
    with duckdb.connect() as con:
        has_gone_on = Event()

        def work() -> dict[str, pa.Table]:
            return {"lost_start": shaped("lost_start", [(1, int(has_gone_on.wait(60)))])}

        def meanwhile() -> None:
            con.execute("SELECT 1").fetchall()
            has_gone_on.set()

        stage_beside(con, work, meanwhile)
        assert con.execute("FROM lost_start").fetchall() == [(1, 1)]


@pytest.mark.parametrize("failing", ["work", "meanwhile"])
def test_failure_on_either_side_is_raised_and_replaces_nothing(failing: str) -> None:
    with duckdb.connect() as con:
        stage(con, "lost_start", [(1, 2)])

        def work() -> dict[str, pa.Table]:
            if failing == "work":
                raise ValueError
            return {"lost_start": shaped("lost_start", [])}

        def meanwhile() -> None:
            if failing == "meanwhile":
                raise ValueError

        with pytest.raises(ValueError, match=r"^$"):
            stage_beside(con, work, meanwhile)
        assert con.execute("FROM lost_start").fetchall() == [(1, 2)]
