"""Text is what it says, in any encoding, wherever it came from."""

from __future__ import annotations

import codecs

import pytest

from logonscope.readers.sniff import HEAD_BYTES, sniff
from support.logs import note
from support.text_forms import FORMS, event_element, event_viewer_xml, export_csv

KINDS = {
    "Event Viewer XML": "xml",
    "wevtutil": "xml",
    "ToXml": "xml",
    "XML view": "xml",
    "EvtxECmd CSV": "csv",
    "Export-Csv": "csv",
    "copied": "pasted",
    "copied with XML": "pasted",
}
ELEMENT = event_element(note(1))


@pytest.mark.parametrize("form", KINDS)
def test_every_form_is_told(form: str) -> None:
    kind = sniff(FORMS[form]([note(1, "text"), note(2)])[:HEAD_BYTES])
    assert kind == (KINDS[form], True)


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF16_LE])
@pytest.mark.parametrize("text", [ELEMENT, export_csv([note(1)]).decode(), FORMS["copied"]([note(1)]).decode()])
def test_utf_16_with_and_without_a_mark(text: str, mark: bytes) -> None:
    assert sniff(mark + text.encode("utf-16-le")).readable
    assert sniff(codecs.BOM_UTF16_BE + text.encode("utf-16-be")).readable


@pytest.mark.parametrize("cut", range(1, 40, 7))
def test_broken_utf_16_does_no_harm(cut: int) -> None:
    sniff(codecs.BOM_UTF16_LE + b"\xd8" * cut + ELEMENT.encode("utf-16-le")[cut:])


@pytest.mark.parametrize("form", ["copied", "XML view"])
def test_text_of_a_mail_around_events(form: str) -> None:
    text = "Hi,\nplease look at this:\n\n" + FORMS[form]([note(1, "text")]).decode() + "\nBest regards\n"
    assert sniff(text.encode()).readable


def test_an_empty_export_is_a_log_without_records() -> None:
    assert sniff(event_viewer_xml([])) == ("xml", True)


@pytest.mark.parametrize(
    "text",
    [
        "<?xml version='1.0'?><rss><Event>party</Event></rss>",
        "<html><body>&lt;Event&gt;&lt;System&gt;</body></html>",
        "Name,Id,Message,Size\n1,2,3,4\n",
        "Event ID: 4624 means that somebody logged on.\n",
        "Log Name: Security is where to look.\n",
        ",".join(f"c{number}" for number in range(10_000)),
    ],
)
def test_other_text_is_no_log(text: str) -> None:
    assert not sniff(text.encode()[:HEAD_BYTES]).readable


def test_copied_events_in_other_languages_are_named() -> None:
    text = "Protokollname: Security\nQuelle:        Microsoft-Windows-Security-Auditing\nEreignis-ID:   4634\n"
    kind = sniff(text.encode())
    assert not kind.readable
    assert "German" in kind.name
    assert "only English" in kind.name


def test_copied_events_in_other_languages_with_their_xml_are_xml() -> None:
    text = f"Protokollname: Security\nEreignis-ID:   4634\nEreignis-XML:\n{ELEMENT}\n"
    assert sniff(text.encode()) == ("xml", True)
