"""What salvage adds to each sample, and how quickly it searches: salvage_gain.py [FOLDER] [-w].

With ``-w`` the tables replace those of RESULTS.md. ``libevtx`` is how many records libevtx-python recovers of the same
file, where it can open it; it checks less (it does not compare a template's ID with what the record asks for).
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import process_time

import pyevtx

from logonscope.case.case import Case
from logonscope.model import ReadProblem
from logonscope.readers.salvage import Salvage
from logonscope.readers.source_file import SourceFile

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
RESULTS = Path(__file__).with_name("RESULTS.md")
TITLE = "## What salvage adds: `python benchmarks/salvage_gain.py`"
KINDS = ("slack", "lent", "chain", "hidden", "single", "chunk")
MEGABYTES = 256
NOTES = """Each file alone, so that no other file lends templates. "New" records are those that the live ones do not
have, by channel, computer, EventRecordID and time; the kinds count these only. "Cannot be rebuilt" is told
with place, ID and time: the template, or the names that it refers to, were written over. libevtx: how many
recovered records it can write as XML, of how many, live ones among them. CPU time of one core; where chunk
lies beside chunk the parser is what takes the time."""


def libevtx(path: Path) -> str:
    """How many records libevtx recovers, and of how many of them it can write the XML."""
    file = pyevtx.file()
    try:
        file.open(str(path))
        count = file.get_number_of_recovered_records()
    except OSError:
        return "cannot open"
    return f"{sum(is_readable(file, number) for number in range(count))} of {count}"


def is_readable(file: pyevtx.file, number: int) -> bool:
    """Whether libevtx can write a recovered record as XML."""
    try:
        return bool(file.get_recovered_record(number).get_xml_string())
    except OSError:
        return False


def gains(folder: Path) -> list[str]:
    """A row for each sample that salvage finds something in, and the sums."""
    rows = ["| file | live | " + " | ".join(KINDS) + " | new | cannot be rebuilt | libevtx |"]
    rows.append("|---" * (len(KINDS) + 5) + "|")
    sums: Counter[str] = Counter()
    paths = sorted(path for path in folder.rglob("*.evtx") if path.stat().st_size > 4096)
    for path in paths:
        counts = gain(path)
        sums += counts
        if counts["found"] or counts["lost"]:
            rows.append(row(str(path.relative_to(folder)), counts, libevtx(path)))
    rows.append(row(f"all {len(paths)} files", sums, ""))
    return rows


def gain(path: Path) -> Counter[str]:
    """What salvage of one file finds, alone."""
    with tempfile.TemporaryDirectory() as work, Case([path], work_parent=Path(work)) as case:
        case.load()
        before = len(case.problems)
        new = case.salvage() or 0
        live = sum(source.records for source in case.sources)
        found = sum(source.recovered for source in case.sources)
        rows = case.cursor().execute("SELECT recovered, count(*) FROM event WHERE recovered > 0 GROUP BY 1").fetchall()
        lost = sum(isinstance(problem, ReadProblem) for problem in case.problems[before:])
    from logonscope.knowledge.recovery import recovery_kind

    kinds = {recovery_kind(number): count for number, count in rows}
    return Counter({"live": live, "found": found, "new": new, "lost": lost} | kinds)


def row(name: str, counts: Counter[str], other: str) -> str:
    """One line of the table."""
    values = [counts["live"], *(counts[kind] for kind in KINDS), counts["new"], counts["lost"]]
    return f"| {name} | " + " | ".join(f"{value:,}" if value else "-" for value in values) + f" | {other} |"


def speeds(log: bytes) -> list[str]:
    """How quickly files are searched, one core."""
    programs = b"".join(path.read_bytes() for path in sorted(Path("/usr/lib").rglob("*.so*"))[:400] if path.is_file())
    contents = {
        "zeros": bytes(1 << 20),
        "noise": os.urandom(8 << 20),
        "programs": programs[: 64 << 20],
        "a chunk in 64 MB of noise": os.urandom(64 << 20) + log[4096 : 4096 + 65536],
        "nothing but chunks": log,
    }
    rows = ["| searched | MB/s | records |", "|---|---|---|"]
    for name, content in contents.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "image")
            with path.open("wb") as file:
                while file.tell() < MEGABYTES << 20:
                    file.write(content)
            size = path.stat().st_size
            began = process_time()
            source = SourceFile(path, str(path), size, "raw")
            records = sum(len(batch.texts) for batch in Salvage().search(source, None))
            rows.append(f"| {name} | {size / (process_time() - began) / 1e6:,.0f} | {records:,} |")
    return rows


def main(folder: Path, *, write: bool) -> None:
    """Print the tables, or put them into RESULTS.md."""
    log = max((path for path in folder.rglob("*.evtx")), key=lambda path: path.stat().st_size).read_bytes()
    text = "\n".join([TITLE, "", NOTES, "", *gains(folder), "", *speeds(log), ""])
    if not write:
        print(text)
        return
    results = RESULTS.read_text("utf-8")
    known = re.search(re.escape(TITLE) + r".*?(?=\n## |\Z)", results, re.DOTALL)
    results = results.replace(known.group(), text.rstrip("\n") + "\n") if known else f"{results.rstrip()}\n\n{text}"
    RESULTS.write_text(results, "utf-8")


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "-w"]
    main(Path(arguments[0]) if arguments else SAMPLES, write="-w" in sys.argv)
