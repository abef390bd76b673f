"""What kind of text a file is, by what it begins with."""

from __future__ import annotations

import re

from logonscope.readers.csv_tables import heading_in
from logonscope.readers.jsonl import is_json_log
from logonscope.readers.text_stream import ENCODING_BYTES, text_encoding

_EVENT = re.compile(r"<Event(?:\s[^<>]*)?>(?:[\s+-]|<!--.*?-->)*<System[\s>]", re.DOTALL)
_NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
_EMPTY_EXPORT = re.compile(r"\s*(?:<\?xml[^<>]*>\s*)?<Events(?:\s[^<>]*)?(?:/>|>\s*</Events>)\s*")
_COPIED = re.compile(
    r"^[ \t>\ufeff]*Log Name:[ \t][^\n]*\n?.{0,2000}?(?:^[ \t>]*|[ \t])Event ID:[ \t]*\d", re.MULTILINE | re.DOTALL
)
_OTHER_LANGUAGES = {
    "German": "Protokollname:",
    "French": "Nom du journal",
    "Spanish": "Nombre de registro:",
    "Italian": "Nome registro:",
    "Portuguese": "Nome do Log:",
    "Dutch": "Logboeknaam:",
    "Polish": "Nazwa dziennika:",
    "Russian": "Имя журнала:",
}
"""The first words of an event that was copied as text."""


def text_kind(head: bytes) -> tuple[str, bool] | None:
    """Say what kind of text a file is.

    Args:
        head: Some tens of thousands of bytes from its beginning.

    Returns:
        The name of a format and true, or what was found instead and false; None where it is not known.
    """
    encoding, mark = text_encoding(head[:ENCODING_BYTES])
    text = head[mark:].decode(encoding, "replace").replace("\r", "")
    if is_json_log(head):
        return "json", True
    if "\0" in text:
        return None
    if heading_in(head):
        return "csv", True
    if _COPIED.search(text):
        return "pasted", True
    if (_EVENT.search(text) and (_NAMESPACE in text or text.lstrip("-+ \t\n\ufeff")[:1] == "<")) or (
        _EMPTY_EXPORT.fullmatch(text)
    ):
        return "xml", True
    for language, begins in _OTHER_LANGUAGES.items():
        if re.search(rf"^[ \t>]*{begins}", text, re.MULTILINE):
            return f"events copied as text in {language}; only English ones are understood", False
    return None
