"""Events as their files have them: XML as Windows wrote it, read from the evidence again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from logonscope.display import sanitise, with_escapes
from logonscope.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.case.case import Case
    from logonscope.model import Event

_PAGE_ROWS = 1000
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<Events>\n'


def write_event_xml(
    case: Case, rows: Sequence[int], out: BinaryIO, step: Callable[[int], None] = lambda done: None
) -> list[SourceError]:
    """Write one XML document with the records, each as it was written.

    Characters that could act on a terminal become character references, which mean the same; what XML cannot hold at
    all becomes a backslash escape. A record that cannot be had as XML is named in a comment instead: its file keeps it
    in another form, or is gone.

    Args:
        case: The case.
        rows: Row numbers of events, in the order wanted.
        out: Where to write.
        step: Told now and then how many rows are done; what it raises ends the writing.

    Returns:
        Why records are missing, each reason once for each file.
    """
    missing: dict[str, SourceError] = {}
    kinds = {source.number: (source.kind, source.path) for source in case.sources}
    out.write(_HEAD.encode())
    for start in range(0, len(rows), _PAGE_ROWS):
        step(start)
        for event in case.events(list(rows[start : start + _PAGE_ROWS])):
            try:
                text = _DECLARATION.sub("", case.event_record(event)).strip()
                if not text.startswith("<Event"):
                    kind, path = kinds[event.source]
                    raise SourceError(f"{path}: its records are {kind}, not XML", "Export them as jsonl.")
            except SourceError as error:
                missing.setdefault(error.message if error.advice else str(event.source), error)
                text = f"<!-- {_cited(event)} cannot be had as XML -->"
            out.write(f"{_harmless(text)}\n".encode())
    out.write(b"</Events>\n")
    return list(missing.values())


def _harmless(text: str) -> str:
    return "\n".join(with_escapes(line, _reference) for line in text.splitlines())


def _reference(character: str) -> str:
    is_xml = character >= " " or character in "\t\r"
    return f"&#x{ord(character):x};" if is_xml and not "\ud800" <= character <= "\udfff" else sanitise(character)


def _cited(event: Event) -> str:
    channel = re.sub(r"[^\w /.-]|--", "_", event.channel)
    return f"{channel} EventRecordID {event.record_id}"
