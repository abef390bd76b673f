"""Boots and marks of coverage in full."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from logonscope.columns import BOOT_COLUMNS, COVERAGE_COLUMNS, boot_lasted
from logonscope.facts import boot_facts, coverage_facts
from logonscope.knowledge.coverage import mark_kinds
from support.made import EIGHT, HOUR, NOON, made_boot, made_mark

HOSTILE = "bob[/admin]\x1b[31m\u202e"
CRASH: dict[str, Any] = {
    "end": None, "end_evidence": "crash", "end_is_exact": False, "alive_until": NOON,
    "next_start": NOON + timedelta(hours=1),
}  # fmt: skip


def cells(**changes: Any) -> dict[str, str]:
    return {column.title: column.text(made_boot(**changes)) for column in BOOT_COLUMNS}


def told(**changes: Any) -> str:
    return "\n".join(f"{fact.name}: {fact.text} {fact.meaning}" for fact in boot_facts(made_boot(**changes)))


@pytest.mark.parametrize(
    ("changes", "ended", "how", "lasted"),
    [
        ({}, "2026-03-02 12:00", "shutdown", "4h 00m"),
        ({"end_is_exact": False}, ">=2026-03-02 12:00", "shutdown", ">=4h 00m"),
        (CRASH, "03-02 12:00..13:00", "crash", "4h..5h"),
        (CRASH | {"end_evidence": "reboot", "alive_until": None}, "03-02 12:00..13:00", "restart", "4h..5h"),
        ({"end": None, "end_evidence": "open", "end_is_exact": False}, "2026-03-02 12:00..", "running", ">=4h 00m"),
        ({"start": None, "start_evidence": "before-log"}, "2026-03-02 12:00", "shutdown", "4h 00m"),
        ({"start": None, "start_evidence": "before-log", "kernel_start": None}, "2026-03-02 12:00", "shutdown", "-"),
    ],
)
def test_how_a_boot_ended(changes: dict[str, Any], ended: str, how: str, lasted: str) -> None:
    shown = cells(**changes)
    assert (shown["Ended (UTC)"], shown["How"], shown["Lasted"]) == (ended, how, lasted)


def test_a_start_that_only_the_kernel_tells() -> None:
    shown = cells(start=None, start_evidence="before-log")
    assert (shown["Started (UTC)"], shown["Known by"]) == ("2026-03-02 08:00", "kernel start")
    assert "Its kernel started at 2026-03-02 08:00:00" in told(start=None, start_evidence="before-log")
    assert cells(start=None, start_evidence="before-log", kernel_start=None)["Started (UTC)"] == "before the log"


def test_a_boot_that_ends_before_it_starts_has_no_length() -> None:
    assert boot_lasted(made_boot(end=EIGHT - timedelta(hours=2))) == (None, None)


def test_reused_logon_ids_are_listed_with_what_they_mean() -> None:
    reused = (0x5A1B2, 0x3E8E8)
    assert cells(reused_ids=reused)["Reused"] == "2: 0x5a1b2, 0x3e8e8"
    assert "0x5a1b2, 0x3e8e8" in told(reused_ids=reused)
    assert "unique only within one boot" in told(reused_ids=reused)
    assert "unique only within one boot" not in told()


def test_a_boot_is_told_with_how_it_is_known() -> None:
    assert "Windows started at 2026-03-02 08:00:00: the Security log says so (4608)." in told()
    assert "It was shut down cleanly at 2026-03-02 12:00:00." in told()
    assert "ran until 2026-03-02 12:00:00 at least, and was started again at 2026-03-02 13:00:00" in told(**CRASH)
    assert "asked for" in told(end_is_exact=False)


@pytest.mark.parametrize("kind", mark_kinds())
def test_every_mark_says_what_follows(kind: str) -> None:
    full = [fact.text for fact in coverage_facts(made_mark(kind, text="Logon"))]
    bare = [fact.text for fact in coverage_facts(made_mark(kind, since=None, until=None, amount=None, row=None))]
    assert full[0] == f"WS1: {mark_kinds()[kind].shown}"
    assert (mark_kinds()[kind].so in full) == bool(mark_kinds()[kind].so)
    assert not [text for text in full if "(none)" in text]
    assert not [text for text in (*full, *bare) if "{" in text or "[" in text]


def test_names_are_harmless() -> None:
    mark = made_mark("cleared", text=HOSTILE, channel=HOSTILE, machine=HOSTILE)
    boot = made_boot(machine=HOSTILE)
    texts = [fact.text for fact in (*coverage_facts(mark), *boot_facts(boot))]
    texts += [column.text(mark) for column in COVERAGE_COLUMNS] + [column.text(boot) for column in BOOT_COLUMNS]
    assert [text for text in texts if not text.isprintable()] == []
    assert any("bob[/admin]\\x1b[31m\\u202e" in text for text in texts)


def test_amounts_in_words() -> None:
    shown = {kind: coverage_facts(made_mark(kind, amount=HOUR))[-2].text for kind in ("clock", "missing", "cleared")}
    assert shown == {"clock": "1h 00m", "missing": "3,600,000,000 records", "cleared": "-"}
