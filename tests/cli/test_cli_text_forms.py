"""The command line on logs that somebody exported, copied or piped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logonscope.demo.evtx_writer import encode_log
from support.command_line import CommandLine
from support.logs import note, two_boots
from support.text_forms import FORMS, copied, event_viewer_xml, xml_view

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.demo.records import Record

EXACT = ("Event Viewer XML", "wevtutil", "ToXml", "XML view", "copied with XML")
"""Forms that lose nothing that sessions are made of."""
_EIGHTEEN_DAYS = 18 * 24 * 3600 * 10_000_000


@pytest.fixture(scope="module")
def logonscope(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def security() -> list[Record]:
    """The Security log of ``two_boots``, moved to a day that can be no month."""
    return [replace(record, time=record.time + _EIGHTEEN_DAYS) for record in two_boots().files()["Security.evtx"]]


@pytest.fixture(scope="module")
def sessions(security: list[Record], logonscope: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("log") / "Security.evtx"
    path.write_bytes(encode_log(security))
    return logonscope("sessions", path).lines


@pytest.mark.parametrize("form", EXACT)
def test_sessions_are_those_of_the_log(
    form: str, security: list[Record], sessions: list[str], logonscope: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "export.txt"
    path.write_bytes(FORMS[form](security))
    assert len(sessions) > 2
    assert logonscope("sessions", path).lines == sessions


@pytest.mark.parametrize("form", FORMS)
def test_stays_are_those_of_the_log_in_every_form(
    form: str, security: list[Record], sessions: list[str], logonscope: CommandLine
) -> None:
    found = logonscope("sessions", "-", stdin=FORMS[form](security))
    assert found.code == 0
    assert len(found.lines) == len(sessions)


def test_standard_input(security: list[Record], sessions: list[str], logonscope: CommandLine) -> None:
    assert logonscope("sessions", "-", stdin=event_viewer_xml(security, "utf-16")).lines == sessions


def test_one_event_of_a_mail(logonscope: CommandLine) -> None:
    text = b"Hi,\n\n" + xml_view([note(7, "look here")]) + b"\nregards\n"
    found = logonscope("events", "-", stdin=text)
    assert found.code == 0
    assert len(found.lines) == 2  # the heading and the event


def test_a_named_file_of_other_text_is_said_to_be_none(logonscope: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text("<?xml version='1.0'?><html/>")
    found = logonscope("sessions", path)
    assert found.code != 0
    assert "found XML text" in found.err


def test_other_text_in_a_folder_is_not_worth_a_word(
    security: list[Record], sessions: list[str], logonscope: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "Security.xml").write_bytes(event_viewer_xml(security))
    (tmp_path / "page.html").write_text("<?xml version='1.0'?><html/>")
    (tmp_path / "list.csv").write_text("Name,Size\n1,2\n")
    found = logonscope("sessions", tmp_path)
    assert (found.err, found.lines) == ("", sessions)


def test_the_order_of_day_and_month_can_be_said(logonscope: CommandLine) -> None:
    text = copied([note(7, "look here")])
    for option, day in (((), ""), (("--dates", "day-first"), "2026-02-03"), (("--dates", "month-first"), "2026-03-02")):
        found = logonscope("events", "-", "--format", "jsonl", *option, stdin=text)
        assert found.code == 0
        assert day in found.out
        assert ("--dates" in found.err) == bool(found.err)
        assert f"read {option[1].replace('-', ' ')}" in found.err if option else "no time is given" in found.err
