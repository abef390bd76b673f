"""What is killed: it loads a case, keeps notes of it, exports its sessions and keeps it, over and over.

``python victim.py EVIDENCE HOME`` tells on standard output when it is ready, and each note once it is kept.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from logonscope.api import OpenCase
from logonscope.cache.kept_cases import KeptCases
from logonscope.case.case import Case
from logonscope.case.case_file import CaseFile


def main() -> None:
    evidence, home = map(Path, sys.argv[1:])
    cases = KeptCases(home / "kept", smallest_evidence=0)
    notes = CaseFile([evidence], home / "case.toml")
    print("ready", flush=True)
    for turn in count():
        with Case([evidence], work_parent=home / "cases", cache=cases if turn % 2 == 0 else None) as case:
            case.load()
            for _ in range(3):
                kept = notes.change("bookmark", lambda held: [*(held or []), {"note": f"note {len(held or [])}"}])
                print(len(kept), flush=True)
            OpenCase(case).sessions(scope="all").write(home / "sessions.csv", "csv", force=True)
        if turn % 4 == 3:
            cases.clear()


if __name__ == "__main__":
    main()
