"""The program on a case whose records were made, not read: made_case.py STORE."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logonscope.case import case as cases
from logonscope.model import LoadProgress
from logonscope.sessions.rebuild import rebuild

if TYPE_CHECKING:
    from collections.abc import Callable


class MadeCase(cases.Case):
    """A case that takes its records from the store that its only path names."""

    def load(self, report: Callable[[LoadProgress], None] = lambda progress: None, *_: Any, **__: Any) -> None:
        """Copy the records, and rebuild the sessions as a load does."""
        con = self._store.cursor()
        con.execute(f"ATTACH '{self.paths[0]}' AS made (READ_ONLY)")
        (rows,) = con.execute("SELECT count(*) FROM made.event").fetchone() or (0,)
        self._store.expect_rows(rows)
        for name in ["source", "event", "dim_account", *(f"dim_{name}" for name in self._store.dims.text)]:
            con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM made.{name}")
        for name, dim in self._store.dims.text.items():
            dim.texts[:] = [text for (text,) in con.execute(f"SELECT text FROM dim_{name} ORDER BY code").fetchall()]
        accounts = con.execute("SELECT sid, name, domain FROM dim_account ORDER BY code").fetchall()
        self._store.dims.account.accounts[:] = accounts
        report(LoadProgress(1, 1, 1, 1, rows, 0, 1.0, "", "sessions"))
        rebuild(self._store.cursor())
        self._refresh_names()
        report(LoadProgress(1, 1, 1, 1, rows, 0, 1.0, "", "done"))


def main(made: str) -> None:
    """Run the program."""
    from logonscope.ui.app import LogonscopeApp

    cases.Case = MadeCase  # type: ignore[misc]
    LogonscopeApp([Path(made)]).run()


if __name__ == "__main__":
    main(sys.argv[1])
