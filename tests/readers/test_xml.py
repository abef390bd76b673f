"""Events as XML: whole, loose, broken and hostile."""

from __future__ import annotations

import codecs
import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logonscope.readers import event_xml
from logonscope.readers.event_xml import NotAnEventError, xml_record
from logonscope.readers.text_batches import MOST_CHARACTERS, MOST_PROBLEMS
from support.logs import logon, note, notes
from support.text_files import TextFile, read_text
from support.text_forms import event_element, event_viewer_xml, wevtutil_fragments

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 2000
"""So many notes fill more than one block."""


def _read(path: Path, contents: bytes | str) -> TextFile:
    return read_text(path / "log", contents if isinstance(contents, bytes) else contents.encode(), "xml")


def _events(*numbers: int) -> list[str]:
    return [event_element(note(number, f"text {number}")) for number in numbers]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    contents = event_viewer_xml([note(1, "Zoë 🔑"), *notes(COUNT)[1:]], encoding)
    found = _read(tmp_path, contents)
    assert found.record_ids == list(range(1, COUNT + 1))
    assert found.fields[0] == {"Text": "Zoë 🔑"}
    assert (found.problems, found.notes) == ([], ())
    assert found.bytes_read == len(contents)
    for number, text in found.again.items():
        assert text is not None
        assert text.startswith("<Event ")
        assert text.endswith("</RenderingInfo></Event>")
        assert f"<EventRecordID>{number}<" in text


def test_a_declared_code_page(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="windows-1252"?>' + event_element(note(1, "Zoë"))
    assert _read(tmp_path, text.encode("cp1252")).fields == [{"Text": "Zoë"}]


def test_bytes_of_another_code_page_cost_their_character_only(tmp_path: Path) -> None:
    found = _read(tmp_path, event_element(note(1, "Zoë")).encode("cp850") + "".join(_events(2)).encode())
    assert found.fields == [{"Text": "Zo\ufffd"}, {"Text": "text 2"}]
    assert "1 event with characters that are no text" in found.notes[0]


@pytest.mark.parametrize("between", ["", "\n", "\r\n", "\n\n<!-- an event -->\n", "\nRecord 17\n"])
@pytest.mark.parametrize("root", ["", "Events", "Root"])
def test_documents_and_fragments(tmp_path: Path, between: str, root: str) -> None:
    body = wevtutil_fragments(notes(5), between).decode()
    found = _read(tmp_path, f"<{root}>{body}</{root}>" if root else body)
    assert (found.record_ids, found.header_ids) == ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])
    assert (found.problems, found.notes) == ([], ())


def test_times_keep_seven_digits(tmp_path: Path) -> None:
    found = _read(tmp_path, event_element(note(1)).replace(".0000000Z", ".123456789Z"))
    assert found.stamps == ["2026-03-02T08:00:01.1234567Z UTC"]


def test_a_broken_event_costs_itself_only(tmp_path: Path) -> None:
    first, second, third = _events(1, 2, 3)
    broken = second.replace("</Data>", "</Date>")
    found = _read(tmp_path, f"<Events>{first}{broken}{third}</Events>")
    assert found.record_ids == [1, 3]
    (problem,) = found.problems
    assert (problem.part, problem.record_id, problem.offset) == ("record", 2, len("<Events>") + len(first))
    assert "not well-formed" in problem.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_the_place_of_a_broken_event_is_in_bytes(tmp_path: Path, encoding: str) -> None:
    before = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else b""
    whole = event_element(note(1, "Zoë 🔑" * 50_000)).encode(encoding)  # the next one lies in another block
    broken = _events(2)[0].replace("</Data>", "</Date>").encode(encoding)
    found = _read(tmp_path, before + whole + broken)
    assert [problem.offset for problem in found.problems] == [len(before) + len(whole)]


@pytest.mark.parametrize("keeps", [40, 200, 400, -60, -9])
def test_an_event_that_lost_its_end(tmp_path: Path, keeps: int) -> None:
    first, second, third = _events(1, 2, 3)
    found = _read(tmp_path, f"<Events>{first}{second[:keeps]}{third}</Events>")
    assert found.record_ids == [1, 3]
    assert len(found.problems) == 1
    assert found.again == {1: first, 2: third}


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    first, second = _events(1, 2)
    found = _read(tmp_path, f"<Events>{first}{second[:-30]}")
    assert found.record_ids == [1]
    assert [(problem.offset, problem.record_id) for problem in found.problems] == [(len("<Events>") + len(first), 2)]
    assert "the file ends inside of this event" in found.problems[0].reason


def test_an_end_without_a_beginning(tmp_path: Path) -> None:
    first, second = _events(1, 2)
    found = _read(tmp_path, first[300:] + second)
    assert found.record_ids == [2]
    assert "without its beginning" in found.problems[0].reason


def test_other_text_between_events_is_told(tmp_path: Path) -> None:
    found = _read(tmp_path, "Dear all,\n{}\nand then\n{}\nregards".format(*_events(1, 2)))
    assert found.record_ids == [1, 2]
    assert "other text stands between the events in 3 places" in found.notes[0]


def test_a_dtd_is_never_read(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    dtd = f'<?xml version="1.0"?><!DOCTYPE Events [{laughs}<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
    first, second, third = _events(1, 2, 3)
    hostile = first.replace("text 1", "&l9;") + second.replace("text 2", "&file;") + third
    found = _read(tmp_path, f"{dtd}<Events>{hostile}</Events>")
    assert found.fields == [{"Text": "text 3"}]
    assert ["undefined entity" in problem.reason for problem in found.problems] == [True, True]
    assert "document type (DTD)" in found.notes[0]


@pytest.mark.parametrize(
    "junk",
    ["x" * 3 * MOST_CHARACTERS, "<a>" * MOST_CHARACTERS, "<Event >" * 200_000],
    ids=["text", "elements", "events"],
)
def test_events_without_end_take_no_more_than_their_place(tmp_path: Path, junk: str) -> None:
    first, second, third = _events(1, 2, 3)
    long = second.replace("text 2", junk)
    found = _read(tmp_path, f"<Events>{first}{long}{third}</Events>")
    assert found.record_ids == [1, 3]
    assert 1 <= len(found.problems) <= 5
    assert all(text is not None and text.startswith("<Event ") for text in found.again.values())


def test_elements_nested_too_deeply(tmp_path: Path) -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    first, second = _events(1, 2)
    found = _read(tmp_path, first.replace("text 1", deep) + second)
    assert found.record_ids == [2]
    assert "nested too deeply" in found.problems[0].reason


def test_endless_rubbish_is_counted(tmp_path: Path) -> None:
    found = _read(tmp_path, "<Event ></Event>" * (MOST_PROBLEMS + 500) + _events(1)[0])
    assert found.record_ids == [1]
    assert len(found.problems) == MOST_PROBLEMS + 1
    assert found.problems[-1].reason == "500 more records could not be read"


@pytest.mark.parametrize("forbidden", ["\x01", "&#1;", "&#x1F;", "&#xD800;", "&#x110000;", "\ufffe"])
def test_characters_that_xml_may_not_hold(tmp_path: Path, forbidden: str) -> None:
    text = event_element(note(1, "a & b")).replace("a &amp; b", f"a{forbidden} &amp; b")
    found = _read(tmp_path, text)
    assert found.fields == [{"Text": "a\ufffd & b"}]
    assert len(found.notes) == 1


def test_numbers_out_of_range_and_cut_sids(tmp_path: Path) -> None:
    text = event_element(logon(1, LogonType=2)).replace("<EventRecordID>1<", f"<EventRecordID>{'9' * 5000}<")
    text = text.replace("<EventID>4624<", "<EventID>4624624624624624624624<").replace(
        "S-1-5-21-111-222-333-1104", "S-1-5-2"
    )
    (record,) = _read(tmp_path, text).records
    assert record["System"]["EventRecordID"] is None
    assert record["EventData"]["TargetUserSid"] == "S-1-5-2"


@pytest.mark.parametrize(
    ("inside", "fields"),
    [
        ("<EventData><Data>a</Data></EventData>", {"Data": {"#text": "a"}}),
        ("<EventData><Data>a</Data><Data/></EventData>", {"Data": {"#text": ["a", ""]}}),
        ("<EventData><Data Name='A'>1</Data><Data Name='A'>2</Data></EventData>", {"A": "1", "A_1": "2"}),
        ("<EventData><Data Name='A'><![CDATA[<b>]]></Data></EventData>", {"A": "<b>"}),
        ("<EventData><Data Name='A'>1<!-- no -->2</Data></EventData>", {"A": "12"}),
        ("<EventData><Data Name='A'> </Data></EventData>", {"A": " "}),
        ("<EventData><Data Name='A'/></EventData>", {"A": ""}),
        ("<EventData/>", None),
        ("", None),
        ("<UserData><X xmlns='n'><A>1</A><B><C>2</C></B></X></UserData>", {"A": "1", "B": {"C": "2"}}),
        ("<UserData><X xmlns='n'/></UserData>", None),
        ("<RenderingInfo><Message>no</Message></RenderingInfo>", None),
    ],
)
def test_payloads(inside: str, fields: object) -> None:
    before, _, after = event_element(note(1, "")).partition("<EventData>")
    text = before + inside + after.partition("</EventData>")[2]
    assert json.loads(xml_record(text.removesuffix("</Event>")).text)["Event"]["EventData"] == fields


def test_no_event_at_all() -> None:
    with pytest.raises(NotAnEventError, match="no System element"):
        xml_record("<Event><EventData/>")


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=8)
MARKUP = st.sampled_from(
    ["<", ">", "/>", "&amp;", "&lt;", "'", '"', "</Data>", "<Data Name='X'>", "</EventData>", "<!---->", " ", "\n"]
)


@given(st.lists(WORDS | MARKUP, max_size=6), st.sampled_from(["text 1", "Text", "</System>", "<EventData>", "Version"]))
def test_what_is_cut_at_its_marks_reads_as_when_it_is_parsed(parts: list[str], place: str) -> None:
    text = _events(1)[0].removesuffix("</Event>").replace(place, place + "".join(parts), 1)
    quick = event_xml.usual_record(text)
    if quick is None or event_xml._FORBIDDEN.search(text):
        return
    with suppress(NotAnEventError):  # what stands between fields need not be well-formed to be passed over
        assert quick == event_xml._parsed(text)
