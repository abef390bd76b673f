"""Every entry of events.toml reads as it says, after its sample went through the whole way into the store."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from logonscope.knowledge.catalogue import catalogue, event_kinds, event_titles, provider_short
from logonscope.knowledge.words import plain_words
from logonscope.store.case_store import CaseStore
from logonscope.store.event_rows import EventRows
from support.events import Record, load

if TYPE_CHECKING:
    from logonscope.knowledge.catalogue import EventKind
    from logonscope.model import Event

KINDS = catalogue().event
START = datetime(2026, 3, 2, 8)
ROLES = {
    *("open", "close", "ask", "privileges", "lock", "unlock", "idle", "active", "leave", "return"),
    *("fail", "boot", "stop", "sleep", "wake", "gap", "clock", "note"),
}
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{provider_short(kind.provider)}-{kind.id}")


def fetched(records: list[Record], folder: pytest.TempPathFactory) -> list[Event]:
    store = CaseStore(folder.mktemp("store"))
    try:
        load(store, records)
        return EventRows(store.dims, {}).fetch(store.cursor(), range(len(records)))
    finally:
        store.close()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], Event]:
    records = [
        Record(kind.id, number, START + timedelta(seconds=number), kind.sample, provider=kind.provider)
        for number, kind in enumerate(KINDS, 1)
    ]
    return {(event.provider, event.event_id): event for event in fetched(records, tmp_path_factory)}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], Event]:
    """The same events without any field."""
    records = [
        Record(kind.id, number, START + timedelta(seconds=number), provider=kind.provider)
        for number, kind in enumerate(KINDS, 1)
    ]
    return {(event.provider, event.event_id): event for event in fetched(records, tmp_path_factory)}


@every_kind
def test_the_sample_reads_as_the_entry_says(kind: EventKind, samples: dict[tuple[str, int], Event]) -> None:
    assert plain_words(samples[kind.provider, kind.id]) == kind.reads


def test_an_event_without_fields_is_still_told(bare: dict[tuple[str, int], Event]) -> None:
    words = {key: plain_words(event) for key, event in bare.items()}
    assert words.keys() == event_kinds().keys()
    assert [key for key, told in words.items() if not told or re.search(r"[{}\[\]]|  ", told)] == []


def test_every_entry_has_a_title_and_a_known_role() -> None:
    assert [kind.id for kind in KINDS if not kind.title or kind.title != kind.title.strip()] == []
    assert {kind.role for kind in KINDS} == ROLES


def test_the_sample_fills_the_account_and_logon_id_that_the_event_speaks_of(
    samples: dict[tuple[str, int], Event],
) -> None:
    security = "Microsoft-Windows-Security-Auditing"
    locked, asked = samples[security, 4800], samples[security, 4648]
    assert (locked.account.name, locked.logon_id, locked.session_number) == ("jon", 0xA3, 1)
    assert (asked.account.name, asked.target.name, asked.object) == ("jon", "admin", "FS01")


def test_short_words_leave_domains_out(samples: dict[tuple[str, int], Event]) -> None:
    logon = samples["Microsoft-Windows-Security-Auditing", 4624]
    assert plain_words(logon, short=True) == "jon logged on over Remote Desktop from 10.0.0.9"


def test_one_event_id_of_two_providers_is_two_events() -> None:
    kinds = event_kinds()
    cleared = kinds["Microsoft-Windows-Eventlog", 1102]
    connecting = kinds["Microsoft-Windows-TerminalServices-ClientActiveXCore", 1102]
    assert cleared.words != connecting.words
    assert event_titles()[1102] == cleared.title


def test_an_uncatalogued_event_is_told_by_its_first_fields(tmp_path_factory: pytest.TempPathFactory) -> None:
    fields_and_words: list[tuple[dict[str, object], str]] = [
        ({}, "MSI 1033"),
        ({"Product": "Tool", "Version": 3}, "MSI 1033: Product=Tool, Version=3"),
        ({"SubjectUserName": "jon", "Empty": "-", "Result": "ok"}, "MSI 1033: Result=ok"),
        (dict.fromkeys("abcdef", 1), "MSI 1033: a=1, b=1, c=1, d=1 (+2)"),
        ({"Name": "\x1b[2J"}, "MSI 1033: Name=\\x1b[2J"),
    ]
    records = [
        Record(1033, number, START, fields, provider="Microsoft-Windows-MSI")
        for number, (fields, _) in enumerate(fields_and_words, 1)
    ]
    found = [plain_words(event) for event in fetched(records, tmp_path_factory)]
    assert found == [words for _, words in fields_and_words]
