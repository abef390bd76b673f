"""Rendered messages -> EventData: the English wording of an event, taken back to its fields (``messages.toml``)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from logonscope.display import plural
from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SECURITY = "Microsoft-Windows-Security-Auditing"
_MARKS = str.maketrans("", "", "\u200e\u200f")
_LABEL = re.compile(r"(\s*)([^\s:][^:\t]{0,60}):(\s*)(.*)")
_SID = re.compile(r"S-1-\d+(-\d+)*")
_SID_LABELS = ("Security ID", "User ID", "Service ID")
_SENTENCE_WORDS = 4


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one event is worded."""

    ids: tuple[int, ...]
    provider: str = SECURITY
    labels: dict[str, str] = {}
    """Fields by labels that stand in no section."""
    sections: dict[str, dict[str, str]] = {}
    """Fields by label, by section."""
    patterns: tuple[str, ...] = ()
    """Regular expressions; their groups are fields."""


class Wordings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``messages.toml``."""

    explanations: tuple[str, ...]
    lists: tuple[str, ...]
    providers: dict[str, str]
    channels: dict[str, str]
    keywords: dict[str, str]
    sids: dict[str, str]
    values: dict[str, dict[str, str]]
    sections: dict[str, dict[str, str]]
    message: list[Wording]


def message_notes(unknown: int, without_sids: int) -> list[str]:
    """What is to be said of a file's messages.

    Args:
        unknown: Of how many not all was found a field for.
        without_sids: How many show accounts by name in the place of SIDs.
    """
    said = []
    if unknown:
        said.append(
            f"{plural(unknown, 'event')} of which not all was found a field for; only English messages are "
            "understood, the rest is kept as it is worded"
        )
    if without_sids:
        said.append(f"{plural(without_sids, 'event')} with names in the place of SIDs: these SIDs are not known")
    return said


class Understood(NamedTuple):
    """What a message says."""

    fields: dict[str, str]
    """EventData by name; what no field is known for under its section and label, or under ``Message``."""
    is_whole: bool
    """Whether all that the message says was found a field for."""
    lacks_sids: bool
    """Whether an account was shown by name in the place of its SID."""


@cache
def wordings() -> Wordings:
    """How events are worded."""
    return load("messages.toml", Wordings, "logonscope.readers")


class _Layout:
    """One event's wording with what it shares with others."""

    def __init__(self, wording: Wording) -> None:
        shared = wordings().sections if wording.provider == SECURITY else {}
        self.patterns = wording.patterns
        self.sections = {
            name: shared.get(name, {}) | wording.sections.get(name, {}) for name in {**shared, **wording.sections}
        }
        self._labels = wording.labels
        names = {*self._labels, *self.sections, *(label for fields in self.sections.values() for label in fields)}
        longest_first = sorted(names, key=len, reverse=True)
        self.names = re.compile(rf"(?<!\S)({'|'.join(map(re.escape, longest_first))}):(?=\s|$)")
        self.is_plain = not (wording.labels or wording.sections or wording.patterns)

    def field(self, section: str, label: str) -> str | None:
        return self.sections.get(section, {}).get(label) or self._labels.get(label)


@cache
def _layouts() -> dict[tuple[str, int], _Layout]:
    return {(entry.provider, number): _Layout(entry) for entry in wordings().message for number in entry.ids}


def provider_name(shown: str) -> str:
    """The provider that Event Viewer shows under a name of its own."""
    return wordings().providers.get(shown, shown)


def audit_keywords(words: str) -> str | None:
    """``Audit Success`` as the number that records hold; None for other keywords."""
    found = wordings().keywords
    return next((found[word] for part in words.split(",") if (word := "".join(part.lower().split())) in found), None)


def message_fields(provider: str, event_id: int, message: str) -> Understood:
    """Read a rendered message.

    Args:
        provider: The provider's own name.
        event_id: Event ID.
        message: The text, over several lines or run together into one.
    """
    text = message.translate(_MARKS).strip()
    layout = _layouts().get((provider, event_id))
    if layout is None:
        return Understood({"Message": message.strip()} if text else {}, not text, False)
    mapping = _Mapping(layout)
    for pattern in layout.patterns:
        found = re.search(pattern, text)
        mapping.fields.update(found.groupdict() if found else {})
    lines = text.splitlines()
    labelled = _on_lines(layout, lines) if len(lines) > 1 else _run_together(layout, text)
    for section, label, value in labelled:
        mapping.add(section, label, value)
    if text and not layout.is_plain and not mapping.fields:
        return Understood({"Message": message.strip()}, False, False)
    return Understood(mapping.fields | mapping.unknown, not mapping.unknown, mapping.lacks_sids)


class _Mapping:
    """Fields found so far. The first of a name counts: what follows may be an attacker's text."""

    def __init__(self, layout: _Layout) -> None:
        self._layout = layout
        self.fields: dict[str, str] = {}
        self.unknown: dict[str, str] = {}
        self.lacks_sids = False

    def add(self, section: str, label: str, value: str) -> None:
        field = self._layout.field(section, label)
        known = wordings()
        shown = f"{section}: {label}" if section else label
        if field is None:
            self.unknown.setdefault(shown, value)
        elif label in _SID_LABELS and not _SID.fullmatch(value) and value not in ("", "-", *known.sids):
            self.lacks_sids = True
            self.unknown.setdefault(shown, value)
        elif label in _SID_LABELS:
            self.fields.setdefault(field, known.sids.get(value, value))
        else:
            self.fields.setdefault(field, known.values.get(field, {}).get(value, value))


def _on_lines(layout: _Layout, lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Section, label and value of each line."""
    section = label = ""
    values: list[str] = []
    for line in lines:
        found = _LABEL.fullmatch(line)
        if found is None:
            if label and line.strip() and layout.field(section, label) in wordings().lists:
                values.append(line.strip())
            elif _is_explanation(line):
                break
            continue
        if label:
            yield section, label, "\r\n\t\t\t".join(value for value in values if value)
        indent, name, gap, value = found.groups()
        if not value.strip() and (not indent or name in layout.sections):
            section, label = name, ""
        is_field = layout.field(section, name) is not None
        label = name if is_field or (value.strip() and (indent or "\t" in gap)) else ""
        values = [value.strip()]
    if label:
        yield section, label, "\r\n\t\t\t".join(value for value in values if value)


def _is_explanation(line: str) -> bool:
    return line.lstrip().startswith(wordings().explanations)


def _run_together(layout: _Layout, text: str) -> Iterator[tuple[str, str, str]]:
    """The same for a message whose lines were joined."""
    end = min((place for words in wordings().explanations if (place := text.find(words)) > 0), default=len(text))
    parts = layout.names.split(text[:end])
    section = ""
    for label, value in zip(parts[1::2], parts[2::2], strict=True):
        if not value.strip() and label in layout.sections:
            section = label
        elif layout.field(section, label):
            yield section, label, value.strip()
