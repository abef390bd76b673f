"""Records leave as XML as Windows wrote them; what is no XML is named."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from logonscope.case.case import Case
from logonscope.case.view import View
from logonscope.demo.evtx_writer import write_log
from logonscope.export.event_xml import write_event_xml
from support.logs import hostile_logons, logon, notes

if TYPE_CHECKING:
    from pathlib import Path

EVENT = "{http://schemas.microsoft.com/win/2004/08/events/event}"


def written(path: Path, work: Path) -> tuple[bytes, list[str]]:
    with Case([path], work_parent=work) as case:
        case.load()
        out = BytesIO()
        window = case.window(View("event"))
        missing = write_event_xml(case, window.page(0, window.count), out)
        return out.getvalue(), [error.message for error in missing]


def test_records_as_they_were_written(tmp_path: Path) -> None:
    write_log(tmp_path / "log.evtx", [logon(number) for number in range(1, 4)])
    document, missing = written(tmp_path / "log.evtx", tmp_path)
    tree = ElementTree.fromstring(document)
    assert [node.text for node in tree.iter(f"{EVENT}EventRecordID")] == ["1", "2", "3"]
    assert missing == []


def test_nothing_in_it_acts_on_a_terminal(tmp_path: Path) -> None:
    write_log(tmp_path / "log.evtx", hostile_logons())
    document, _ = written(tmp_path / "log.evtx", tmp_path)
    assert all(line.isprintable() or line.replace("\t", "").isprintable() for line in document.decode().split("\n"))
    ElementTree.fromstring(document)


def test_a_source_that_is_no_xml_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(
        '{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":4634,'
        '"EventRecordID":7,"Channel":"Security","Computer":"WS1","TimeCreated":{"#attributes":{"SystemTime":'
        '"2026-03-02T08:00:00.000000Z"}}},"EventData":{}}}\n'
    )
    document, missing = written(tmp_path / "x.jsonl", tmp_path)
    assert b"<!-- Security EventRecordID 7 cannot be had as XML -->" in document
    assert [message.partition(": ")[2] for message in missing] == ["its records are json, not XML"]
    ElementTree.fromstring(document)


def test_a_source_that_is_gone_is_said(tmp_path: Path) -> None:
    path = tmp_path / "log.evtx"
    write_log(path, notes(2))
    with Case([path], work_parent=tmp_path) as case:
        case.load()
        path.unlink()
        out = BytesIO()
        missing = write_event_xml(case, [0, 1], out)
    assert [error.message for error in missing] == [f"{path}: No such file or directory"]
    assert out.getvalue().count(b"cannot be had as XML") == 2
