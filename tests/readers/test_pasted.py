"""Events copied as text: one or many, with tabs and without, on one line, with their XML."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logonscope.readers.reader import open_reader
from logonscope.readers.sources import find_sources
from logonscope.readers.text_batches import MOST_CHARACTERS
from support.logs import BOB, logon, note
from support.text_files import TextFile, read_text
from support.text_forms import copied, event_element

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from logonscope.demo.records import FieldValue
    from logonscope.readers.local_times import Order

NAMES: dict[str, FieldValue] = {
    "TargetUserName": "bob",
    "TargetUserSid": BOB.sid,
    "TargetLogonId": 0x1F759B,
    "LogonType": 10,
}
ONE = copied([logon(1, **NAMES)]).decode()
DATE = "3/2/2026 8:00:01 AM"


def _read(path: Path, text: str) -> TextFile:
    return read_text(path / "log", text.encode(), "pasted")


def _fields(path: Path, text: str) -> dict[str, object]:
    (fields,) = _read(path, text).fields
    assert fields is not None
    return fields


def test_the_fields_of_an_event(tmp_path: Path) -> None:
    found = _read(tmp_path, ONE)
    (record,), (fields,) = found.records, found.fields
    assert fields is not None
    assert (fields["TargetUserName"], fields["TargetUserSid"], fields["LogonType"]) == ("bob", BOB.sid, "10")
    assert fields["TargetLogonId"] == "0x1f759b"
    assert record["System"]["EventID"] == 4624
    assert record["System"]["Keywords"] == "0x8020000000000000"
    assert (record["System"]["Channel"], record["System"]["Computer"]) == ("Security", "WS01.alder.example")
    assert found.again[1] == ONE.rstrip()
    assert found.bytes_read == len(ONE.encode())


LAYOUTS: dict[str, Callable[[str], str]] = {
    "no tabs": lambda text: text.replace("\t", " "),
    "no indent": lambda text: "\n".join(line.strip() for line in text.splitlines()),
    "LF": lambda text: text.replace("\r\n", "\n"),
    "quoted": lambda text: "".join(f"> {line}\n" for line in text.splitlines()),
    "one line": lambda text: " ".join(text.split()),
    "two spaces": lambda text: "  ".join(text.replace("\t", " ").splitlines()),
    "marks": lambda text: text.replace(DATE, "\u200e3\u200e/\u200e2\u200e/\u200e2026 8:00:01\u202fAM"),
}
"""What becomes of a text on its way."""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_has_the_same_fields(tmp_path: Path, layout: str) -> None:
    expected, found = (
        {name: str(value).strip() for name, value in _fields(tmp_path, text).items()}
        for text in (ONE, LAYOUTS[layout](ONE))
    )
    assert found == expected


def test_many_events_and_text_around_them(tmp_path: Path) -> None:
    text = copied([logon(number, TargetUserName=f"u{number}") for number in range(1, 4)]).decode()
    found = _read(tmp_path, f"Hi,\nhere they are.\n\n{text}\nregards\n")
    assert [fields and fields["TargetUserName"] for fields in found.fields] == ["u1", "u2", "u3"]
    assert found.header_ids == [1, 2, 3]
    assert [text and text.startswith("Log Name:") for text in found.again.values()] == [True] * 3


def test_xml_is_preferred_and_may_stand_alone(tmp_path: Path) -> None:
    text = copied([logon(11, **NAMES)], with_xml=True).decode()
    found = _read(tmp_path, f"{text}\n{event_element(note(12))}\n{ONE}")
    assert found.record_ids == [11, 12, None]
    assert found.stamps[0].startswith("2026-03-02T08:00:11.0000000Z")
    assert found.problems == []


def test_xml_that_is_cut_leaves_the_text(tmp_path: Path) -> None:
    text = copied([logon(11, **NAMES)], with_xml=True).decode()
    (fields,) = _read(tmp_path, text[: text.index('Name="TargetUserName"')]).fields
    assert fields is not None
    assert fields["TargetUserName"] == "bob"


@pytest.mark.parametrize(
    ("dates", "times"),
    [
        (["3/2/2026 8:00:01 AM"], [""]),
        (["3/3/2026 8:00:01 PM"], ["2026-03-03T20:00:01"]),
        (["13/2/2026 08:00:01"], ["2026-02-13T08:00:01"]),
        (["3/2/2026 8:00:01 AM", "3/15/2026 12:00:01 AM"], ["2026-03-02T08:00:01", "2026-03-15T00:00:01"]),
        (["3/2/2026 8:00:01", "15/3/2026 12:00:01"], ["2026-02-03T08:00:01", "2026-03-15T12:00:01"]),
        (["02.03.2026 08:00:01"], ["2026-03-02T08:00:01"]),
        (["2026/3/2 8:00:01"], ["2026-03-02T08:00:01"]),
        (["2026-03-02 08:00:01"], ["2026-03-02T08:00:01"]),
        (["2026-03-02T10:00:01+02:00"], ["2026-03-02T08:00:01"]),
        (["31/31/2026 8:00:01 AM"], [""]),
        (["yesterday"], [""]),
    ],
)
def test_dates_are_taken_where_they_leave_no_doubt(tmp_path: Path, dates: list[str], times: list[str]) -> None:
    found = _read(tmp_path, "\n".join(ONE.replace(DATE, date) for date in dates))
    assert [stamp[:19] for stamp in found.stamps] == times
    said = " ".join(found.notes)
    assert ("name no zone" in said) == (any(times) and "+" not in dates[0])
    assert ("can be read in two ways" in said) == (times == [""] and dates[0].startswith("3/2"))
    assert ("could not be read" in said) == (times == [""] and not dates[0].startswith("3/2"))


def test_contradicting_dates_decide_nothing_for_the_others(tmp_path: Path) -> None:
    dates = ("3/2/2026 8:00:01", "15/3/2026 12:00:01", "3/15/2026 12:00:01")
    found = _read(tmp_path, "\n".join(ONE.replace(DATE, date) for date in dates))
    assert [stamp[:10] for stamp in found.stamps] == ["", "2026-03-15", "2026-03-15"]


@pytest.mark.parametrize(
    ("dates", "chosen", "times", "said"),
    [
        (["3/2/2026 8:00:01"], "day first", ["2026-02-03"], "read day first, as --dates says; no date of the file"),
        (["3/2/2026 8:00:01"], "month first", ["2026-03-02"], "read month first, as --dates says"),
        (["3/2/2026 8:00:01", "15/3/2026 8:00:01"], "month first", ["2026-02-03", "2026-03-15"],
         "read day first, as another date of the file shows, whatever --dates says"),
    ],
)  # fmt: skip
def test_the_user_decides_where_the_dates_do_not(
    tmp_path: Path, dates: list[str], chosen: Order, times: list[str], said: str
) -> None:
    path = tmp_path / "pasted"
    path.write_text("\n".join(ONE.replace(DATE, date) for date in dates), "utf-8")
    (file,) = find_sources([path], [])
    with open_reader(replace(file, dates=chosen)) as reader:
        stamps = [stamp for batch in reader.batches() for stamp in batch.stamps]
        assert [stamp[:10] for stamp in stamps] == times
        assert said in " ".join(reader.notes)


def test_names_in_the_place_of_sids_are_kept_and_said(tmp_path: Path) -> None:
    text = ONE.replace(BOB.sid, r"ALDER\bob").replace("S-1-0-0", "NULL SID")
    found = _read(tmp_path, text)
    (fields,) = found.fields
    assert fields is not None
    assert fields["SubjectUserSid"] == "S-1-0-0"
    assert "TargetUserSid" not in fields
    assert fields["New Logon: Security ID"] == r"ALDER\bob"
    assert any("names in the place of SIDs" in said for said in found.notes)


def test_labels_that_are_not_known_are_kept_and_said(tmp_path: Path) -> None:
    found = _read(tmp_path, ONE.replace("\tLogon Type:", "\tMoon Phase:\t\tfull\r\n\tLogon Type:"))
    (fields,) = found.fields
    assert fields is not None
    assert fields["Logon Information: Moon Phase"] == "full"
    assert fields["LogonType"] == "10"
    assert any("not all was found a field for" in said for said in found.notes)


def test_events_that_nobody_knows_keep_their_message(tmp_path: Path) -> None:
    text = ONE.replace("4624", "49999")
    assert str(_fields(tmp_path, text)["Message"]).startswith("An account was successfully logged on.")


def test_a_message_in_another_language_is_kept_and_said(tmp_path: Path) -> None:
    head, _, _ = ONE.partition("An account")
    found = _read(
        tmp_path, f"{head}Ein Konto wurde erfolgreich angemeldet.\r\n\r\nAntragsteller:\r\n\tKonto:\t\tbob\r\n"
    )
    (fields,) = found.fields
    assert fields is not None
    assert "Ein Konto" in str(fields["Message"])
    assert any("only English messages are understood" in said for said in found.notes)


def test_the_first_of_a_label_counts(tmp_path: Path) -> None:
    text = ONE.replace("bob", "bob\r\n\tLogon ID:\t\t0x666\r\n\tAccount Name:\t\tmallory")
    fields = _fields(tmp_path, text)
    assert fields["TargetUserName"] == "bob"
    one_line = _read(tmp_path, " ".join(ONE.split()))
    assert any("a name in it could pass for another field" in said for said in one_line.notes)


def test_an_event_without_its_number_is_a_problem(tmp_path: Path) -> None:
    found = _read(tmp_path, f"Log Name: Security\nDate: today\n\n{ONE}")
    assert len(found.records) == 1
    assert [(problem.offset, problem.reason) for problem in found.problems] == [(0, "it names no event ID")]


def test_a_text_without_end_is_read_no_further(tmp_path: Path) -> None:
    found = _read(tmp_path, ONE + "x " * 2 * MOST_CHARACTERS + "\r\n" + ONE)
    assert len(found.records) == 2
    assert "goes on for more than" in found.problems[0].reason
    assert all(text and text.startswith("Log Name:") for text in found.again.values())
