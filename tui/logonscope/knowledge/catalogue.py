"""The catalogue of events: which fields fill which columns, what each means (``events.toml``)."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import msgspec

from logonscope.errors import KnowledgeError
from logonscope.knowledge.before_vista import SECURITY, OldEvent, old_events
from logonscope.knowledge.toml_file import load

About = Literal["target", "subject", "none"]


class EventKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the catalogue: an event of one provider."""

    provider: str
    """Provider name as in ``System/Provider/@Name``."""
    id: int
    """Event ID."""
    title: str
    """A few words for the screen."""
    role: str
    """What the event does to a session or to the log; see the head of ``events.toml``."""
    about: About
    """Whose account and logon ID the event speaks of."""
    words: str
    """Template of the event in plain words."""
    sample: dict[str, Any]
    """Fields of a made-up event, for the test of this entry."""
    reads: str
    """What the sample reads as."""
    audit: str = ""
    """Audit subcategory that writes it; empty where it is always written."""
    fields: Literal["all", "subject"] = "all"
    """Which of its fields fill columns."""
    columns: dict[str, str] = {}
    """Columns filled by other fields than usual."""
    status: Literal["ntstatus", "kerberos"] = "ntstatus"
    """Which table of codes its Status field uses."""


class ProviderKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A provider: its short name, and whose account its uncatalogued events speak of."""

    short: str
    about: About = "none"
    also: list[str] = []
    """Other names of it, in other versions of Windows."""


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``events.toml``."""

    columns: dict[str, str]
    providers: dict[str, ProviderKind]
    event: list[EventKind]

    def fields_of(self, kind: EventKind | None) -> dict[str, str]:
        """The field that fills each column for one kind of event.

        Args:
            kind: An entry, or None for an uncatalogued event.

        Returns:
            Column name to EventData field name, each field once; a column that nothing fills is left out.
        """
        own = kind.columns if kind else {}
        usual = {column: field for column, field in self.columns.items() if field not in own.values()}
        return {column: field for column, field in (usual | own).items() if field}


@cache
def catalogue() -> Catalogue:
    """Load the catalogue once.

    Raises:
        KnowledgeError: An event is listed twice, or fills a column that does not exist.
    """
    loaded = load("events.toml", Catalogue)
    seen: set[tuple[str, int]] = set()
    for kind in loaded.event:
        if (kind.provider, kind.id) in seen:
            raise KnowledgeError(f"knowledge/events.toml: {kind.provider} {kind.id} is listed twice")
        unknown = kind.columns.keys() - loaded.columns.keys()
        if unknown:
            raise KnowledgeError(f"knowledge/events.toml: {kind.provider} {kind.id}: no column {unknown}")
        seen.add((kind.provider, kind.id))
    modern = {(kind.provider, kind.id): kind for kind in loaded.event}
    loaded.event.extend(_old_kind(event, modern) for event in old_events().values())
    return loaded


def _old_kind(event: OldEvent, modern: dict[tuple[str, int], EventKind]) -> EventKind:
    """The entry of an event from before Vista: that of today's, but for what is said of it."""
    today = modern.get((event.of, event.modern))
    if today is None:
        raise KnowledgeError(f"knowledge/before_vista.toml: {event.id}: there is no {event.of} {event.modern}")
    own: dict[str, Any] = {"title": event.title, "words": event.words, "about": event.about}
    return msgspec.structs.replace(
        today,
        provider=SECURITY,
        id=event.id,
        sample=event.sample_fields,
        reads=event.reads,
        **{name: value for name, value in own.items() if value},
    )


@cache
def event_kinds() -> dict[tuple[str, int], EventKind]:
    """The entries by (provider name, event ID)."""
    return {(kind.provider, kind.id): kind for kind in catalogue().event}


@cache
def event_titles() -> dict[int, str]:
    """A title per event ID for lists and completion; the Security provider's where several share an ID."""
    titles: dict[int, str] = {}
    for kind in catalogue().event:
        titles.setdefault(kind.id, kind.title)
    return titles


@cache
def provider_names() -> dict[str, str]:
    """The one name by which a provider is known here, by each of its other names."""
    return {other: name for name, provider in catalogue().providers.items() for other in provider.also}


def provider_short(provider: str) -> str:
    """A provider's short name: the catalogue's, else the name without ``Microsoft-Windows-``."""
    known = catalogue().providers.get(provider)
    return known.short if known else provider.removeprefix("Microsoft-Windows-")
