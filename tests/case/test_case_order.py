"""What is rebuilt does not depend on the order of the files, nor on how often it was rebuilt on the way."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from logonscope.demo.evtx_writer import write_log
from logonscope.demo.flavour import SERVER_2019, MachineSetup
from logonscope.demo.simulator import Machine
from logonscope.export.stored_rows import stored_rows
from logonscope.export.writers import json_records
from logonscope.normalise.batch import Normaliser
from logonscope.readers.evtx import EvtxReader
from logonscope.sessions.rebuild import rebuild
from logonscope.store.case_store import CaseStore, Writer
from support.logs import ALICE, BOB, at, two_boots
from support.on_disk import on_disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logonscope.model import Event


def server() -> Machine:
    """A server that alice reaches over Remote Desktop from the workstation, whose log is archived in between."""
    machine = Machine(MachineSetup("TS01", "ALDER", "alder.example", flavour=SERVER_2019, audits_desktop=True))
    machine.boot(at(6))
    stay = machine.rdp_logon(ALICE, "10.0.0.9", "WS01", at(8, 30))
    machine.network_logon(BOB, "10.0.0.9", "WS01", at(9), seconds=3)
    machine.archive_log(at(9, 30))
    machine.rdp_disconnect(stay, at(10))
    machine.rdp_reconnect(stay, "10.0.0.9", "WS01", at(10, 30))
    machine.sign_out(stay, at(11))
    machine.crash(at(12))
    machine.boot(at(13))
    machine.wait_until(at(13, 30))
    return machine


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The logs of two machines, and an older copy of one that holds part of the same records."""
    folder = tmp_path_factory.mktemp("logs")
    paths = []
    for machine in (two_boots(), server()):
        for name, records in machine.files().items():
            path = folder / f"{machine.setup.name}-{name}"
            write_log(path, records)
            paths.append(path)
            if name == "Security.evtx":
                copy = folder / f"copy of {machine.setup.name}.evtx"
                write_log(copy, records[: len(records) // 2])
                paths.append(copy)
    return paths


def answers(case: Case) -> list[Any]:
    """All that a case knows, with records cited by file, channel and EventRecordID."""
    names = {source.number: source.path.name for source in case.sources}

    def cited(event: Event) -> tuple[str, str, int]:
        return names[event.source], event.channel, event.record_id

    def row(number: int | None) -> tuple[str, str, int] | None:
        return None if number is None else cited(case.events([number])[0])

    window = case.window(View("session", scope=Scope.ALL))
    told: list[Any] = []
    for session in case.sessions(window.page(0, window.count)):
        evidence = case.evidence(session.session_id)
        events = {event.row: cited(event) for event in case.events(sorted({e.row for e in evidence}))}
        told += json_records(stored_rows(case, "session", [session.session_id]))
        told.append([(entry.role, events[entry.row]) for entry in evidence])
        told.append(case.absences(session.session_id))
    for boot in case.boots():
        told.append((boot.machine, boot.number, boot.start, boot.end_evidence, boot.end, row(boot.start_row)))
        told.append((boot.stays, boot.sessions, boot.reused_ids))
    told += sorted(
        (m.machine, m.channel, m.kind, str(m.since), str(m.until), m.amount or 0, str(row(m.row)), Path(m.text).name)
        for m in case.coverage()
    )
    return told


def loaded(paths: Sequence[Path], work: Path) -> list[Any]:
    with Case(paths, work_parent=work) as case:
        case.load()
        return answers(case)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_files_does_not_matter(logs: list[Path], seed: int, tmp_path: Path) -> None:
    shuffled = random.Random(seed).sample(logs, len(logs))
    assert loaded(shuffled, tmp_path) == loaded(logs, tmp_path)


class Feed:
    """Loads files into a case a few records at a time, as somebody who watches a slow disk would see it.

    Args:
        case: An empty case.
    """

    def __init__(self, case: Case) -> None:
        self.store: CaseStore = case._own_store
        self._writer, self._normalise = Writer(self.store), Normaliser(self.store.dims)
        self._files = 0

    def read(self, path: Path) -> Iterator[None]:
        """Load a file; pauses after every 40 records."""
        self._files += 1
        with EvtxReader(on_disk(path)) as reader:
            self._writer.add_source(self._files, on_disk(path))
            records = 0
            for raw in reader.batches():
                events, _ = self._normalise(raw, self._files)
                for start in range(0, events.num_rows, 40):
                    part = events.slice(start, 40)
                    records += part.num_rows
                    self._writer.add_events(part)
                    yield
            self._writer.finish_source(self._files, records, ())

    def rebuild(self) -> int:
        """Rebuild what there is: how many machines were built anew."""
        self._writer.flush()
        return rebuild(self.store.cursor()).machines


@pytest.mark.parametrize("parts_per_rebuild", [1, 3])
def test_rebuilding_on_the_way_does_not_matter(logs: list[Path], parts_per_rebuild: int, tmp_path: Path) -> None:
    at_once = [told for told in loaded(logs, tmp_path) if isinstance(told, dict)]
    with Case(logs, work_parent=tmp_path) as case:
        feed = Feed(case)
        for seen, _ in enumerate(part for path in logs for part in feed.read(path)):
            if seen % parts_per_rebuild == 0:
                feed.rebuild()
        feed.rebuild()
        window = case.window(View("session", scope=Scope.ALL))
        on_the_way = list(json_records(stored_rows(case, "session", window.rows)))
        unplaced = {"offset": None, "chunk_offset": None}
        assert [told | unplaced for told in on_the_way] == [told | unplaced for told in at_once]


def test_only_machines_that_changed_are_rebuilt(logs: list[Path], tmp_path: Path) -> None:
    with Case(logs, work_parent=tmp_path) as case:
        feed = Feed(case)
        for path in logs:
            if "WS01" in path.name:
                assert list(feed.read(path))
        assert feed.rebuild() == 1
        assert feed.rebuild() == 0
        before = feed.store.cursor().execute("SELECT session_id, key FROM session").fetchall()
        assert list(feed.read(next(path for path in logs if path.name == "TS01-Security.evtx")))
        assert feed.rebuild() == 1
        after = feed.store.cursor().execute("SELECT session_id, key FROM session").fetchall()
        assert set(before) < set(after)
