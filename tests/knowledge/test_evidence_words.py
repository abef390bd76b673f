"""Roles of evidence, marks of coverage, boots, and who was on: whatever the case says has words."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from logonscope.knowledge.attendance import attendance_words
from logonscope.knowledge.boots import boot_ends, boot_starts
from logonscope.knowledge.catalogue import catalogue
from logonscope.knowledge.coverage import channel_short, mark_kinds, unaudited_words
from logonscope.knowledge.roles import roles, source_words

FOLDED = {"unlock", "reconnect", "refresh", "nla", "connection", "acted"}
"""Roles that no event has by itself."""


def sql(folder: str, name: str) -> str:
    return files(f"logonscope.{folder}").joinpath(name).read_text("utf-8")


def test_every_role_of_an_event_has_words() -> None:
    assert {kind.role for kind in catalogue().event} | FOLDED == set(roles())


def test_roles_fit_into_their_column_and_differ() -> None:
    shown = [role.shown for role in roles().values()]
    assert max(map(len, shown)) <= 18
    assert len(set(shown)) == len(shown)
    assert all(role.sentence.endswith(".") for role in roles().values())


def test_every_mark_that_the_rebuild_writes_has_words() -> None:
    written = set(re.findall(r"'([a-z][a-zA-Z ]*)'", sql("sessions", "coverage.sql")))
    assert {"covered", "missing", "cleared", "lost", "stopped", "clock", "never seen"} <= written <= set(mark_kinds())


@pytest.mark.parametrize("kind", mark_kinds().values(), ids=lambda kind: kind.kind)
def test_a_mark_fits_into_its_column_and_names_known_values(kind: object) -> None:
    shown, sentence = kind.shown, kind.sentence  # type: ignore[attr-defined]
    assert 0 < len(shown) <= 14
    assert set(re.findall(r"\{(\w+)\}", sentence)) <= {"since", "until", "amount", "text", "channel"}


def test_what_cannot_be_shown_is_told_of_subcategories_that_write_events() -> None:
    subcategories = {part.strip() for kind in catalogue().event for part in kind.audit.split(",")}
    told = {subcategory for subcategory in subcategories if unaudited_words(subcategory)}
    assert {"Logon", "Logoff", "Special Logon", "Other Logon/Logoff", "Process Creation"} <= told
    assert unaudited_words("Registry") == ""


def test_every_state_and_reason_that_the_case_gives_has_words() -> None:
    text = sql("case", "who.sql")
    states = set(re.findall(r"'(\w+)'", text[text.index("list_position(['present'") :].partition("]")[0]))
    assert states == set(attendance_words().state)
    reasons = set(re.findall(r"THEN '([\w ]+)'", text.partition("list_filter")[2].partition("lambda")[0]))
    assert reasons == set(attendance_words().possibly)


def test_boots_begin_and_end_in_words() -> None:
    assert set(boot_ends()) == {"shutdown", "crash", "reboot", "open"}
    assert set(boot_starts()) == {"4608", "4624 type 0", "activity ID", "System", "logon IDs", "before-log"}
    assert max(len(end.shown) for end in boot_ends().values()) <= 8


@pytest.mark.parametrize(
    ("channel", "short"),
    [
        ("Security", "Security"),
        ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", "TerminalServices-LocalSessionManager"),
        ("evil\x1b[31m", "evil\\x1b[31m"),
    ],
)
def test_a_channel_in_a_table(channel: str, short: str) -> None:
    assert channel_short(channel) == short


def test_who_names_the_source() -> None:
    assert source_words("131").endswith("(131)")
    assert source_words("") == ""
