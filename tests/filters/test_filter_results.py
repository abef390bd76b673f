"""What each field finds, among events and among sessions, in a case small enough to count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.filters.fields import FIELDS
from logonscope.filters.groups import groups
from support.small_case import ALICE, BOB, SID, records, sessions, small_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.case.case import Case

A, B, C = "WS1/0xa1@2", "WS1/0xb2@5", "FS01/0xc3@101"
ALL = [*range(1, 11), 101, 102, 103]
OF_A, OF_B, OF_C = [2, 3, 6, 9, 10], [5, 8], [101, 102]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with small_case(tmp_path_factory.mktemp("case")) as case:
        yield case


@pytest.mark.parametrize(
    ("text", "found", "of"),
    [
        ("", ALL, [C, A, B]),
        ("user:alice", [*OF_A, *OF_C], [C, A]),
        ("user:ALICE", [*OF_A, *OF_C], [C, A]),
        ("u:bob", [5, 6, 8, 103], [B]),
        (f"user:{BOB[0]}", [5, 6, 8, 103], [B]),
        (f"user:{ALICE[0].lower()}", [*OF_A, *OF_C], [C, A]),
        (f"user:{SID}-*", [2, 3, 5, 6, 8, 9, 10, 101, 102, 103], [C, A, B]),
        ("user:alder\\ALICE", [*OF_A, *OF_C], [C, A]),
        ("user:ws1\\alice", [], []),
        ("user:*b", [5, 6, 8, 103], [B]),
        ('user:"*b"', [], []),
        ("user:?lice", [*OF_A, *OF_C], [C, A]),
        ("user:/^(alice|mallory)$/", [2, 3, 4, 6, 9, 10, 101, 102], [C, A]),
        ("user:mallory,bob", [4, 5, 6, 8, 103], [B]),
        ("user:WS1$", [5, 7], []),
        ("user:nobody", [], []),
        ("type:10", [5, 8], [B]),
        ("type:rdp,console", [2, 5, 8, 10], [A, B]),
        ("type:network", [4, 101, 102], [C]),
        ("type:*inter*", [2, 5, 8, 10], [A, B]),
        ("type:13", [], []),
        ("event:4634", [8, 10, 102], [C, A, B]),
        ("event:4647..4648", [6, 9], [A]),
        ("id:4608,1102", [1, 103], []),
        ("ip:10.0.0.0/8", [5], [B]),
        ("ip:10.0.0.9", [5], [B]),
        ("ip:10.0.*", [5], [B]),
        ("ip:2001:db8::/32", [101], [C]),
        ("ip:2001:DB8:0::9", [101], [C]),
        ("ip:0.0.0.0/0", [2, 4, 5], [A, B]),
        ("ip:lap9", [], []),
        ("from:lap9", [5], [B]),
        ("from:10.0.0.0/8,EVIL", [4, 5], [B]),
        ("machine:ws1", list(range(1, 11)), [A, B]),
        ("machine:FS01.alder.example", [101, 102, 103], [C]),
        ("host:*01", [101, 102, 103], [C]),
        ("logon:0xa1", OF_A, [A]),
        ("logon:161", OF_A, [A]),
        ("logon:0xA1,0xB2", sorted([*OF_A, *OF_B]), [A, B]),
        ("logon:0xd4", [103], []),
        ("logon:0x3e7", [5, 7], []),
        ("logon:0xc4", [101], []),
        ("is:failure", [4], []),
        ("is:admin", OF_A, [A]),
        ("is:person", [2, 3, 4, 5, 6, 8, 9, 10, 101, 102, 103], [C, A, B]),
        ("is:system", [7], []),
        ("is:remote", [4, 5, 8, 101, 102], [C, B]),
        ("is:rdp", [5, 8], [B]),
        ("is:stay", sorted([*OF_A, *OF_B]), [A, B]),
        ("is:contact", OF_C, [C]),
        ("is:logon", [2, 5, 7, 101], [C, A, B]),
        ("is:cleared", [103], []),
        ("is:truncated", [], []),
        ("time:2026-03-02T09", [5, 6], [A, B]),
        ("time:2026-03-02T09:10", [6], [A, B]),
        ("time:2026-03-02T11:00:01..12:00:00", [10, 101], [C]),
        ("time:2026-03-01", [], []),
        ("time:2026", ALL, [C, A, B]),
        ("since:2026-03-02T11:00:01", [10, 101, 102, 103], [C]),
        ("until:2026-03-02T08:29", [1, 2, 3], [A]),
        ("since:-1h", [101, 102, 103], [C]),
        ("at:2026-03-02T10:00", sorted([*OF_A, *OF_B]), [A, B]),
        ("at:2026-03-02T10:45", OF_A, [A]),
        ("at:2026-03-02T11:30", [], []),
        ("dur:>2h", OF_A, [A]),
        ("dur:<10s", OF_C, [C]),
        ("dur:1h..1h30m", OF_B, [B]),
        ("dur:>=2h55m", OF_A, [A]),
        ("dur:>2h55m", [], []),
        ("status:0xc000006a", [4], []),
        ('status:"wrong password"', [4], []),
        ("status:-1073741718", [4], []),
        ("session:ws1/0xA1@2", OF_A, [A]),
        ("session:WS1/2/0xa1", [], []),
        ("grade:a", sorted([*OF_A, *OF_B, *OF_C]), [C, A, B]),
        ("grade:D", [], []),
        ("end:4634", sorted([*OF_B, *OF_C]), [C, B]),
        ('end:"signed out"', OF_A, [A]),
        ("boot:1", sorted([*OF_A, *OF_B]), [A, B]),
        ("boot:0..9", sorted([*OF_A, *OF_B, *OF_C]), [C, A, B]),
        ("channel:security", ALL, [C, A, B]),
        ("provider:*eventlog", [103], []),
        ("workstation:lap?", [5], [B]),
        ("process:*mstsc.exe", [6], [A]),
        ("to:fs01", [6], [A]),
        ("record:101..102", OF_C, [C]),
    ],
)
def test_what_a_field_finds(case: Case, text: str, found: list[int], of: list[str]) -> None:
    assert records(case, text) == found
    assert sessions(case, text) == of


@pytest.mark.parametrize(
    ("text", "found", "of"),
    [
        ("user:alice machine:WS1", OF_A, [A]),
        ("user:alice and machine:WS1 and event:4624", [2], [A]),
        ("user:alice -machine:WS1", OF_C, [C]),
        ("user:alice not (machine:WS1 or event:4634)", [101], []),
        ("-user:alice -user:bob", [1, 4, 7], []),
        ("not is:person", [1, 7], []),
        ("event:4608 or logon:0xb2", [1, 5, 8], [B]),
        ("event:4624 (ip:10.0.0.9 or from:WS1)", [5, 101], [C, B]),
        ("not type:10", [n for n in ALL if n not in OF_B], [C, A]),
        ("-status:0xc000006a", [n for n in ALL if n != 4], [C, A, B]),
        ("not not type:10", OF_B, [B]),
    ],
)
def test_terms_together(case: Case, text: str, found: list[int], of: list[str]) -> None:
    assert records(case, text) == found
    assert sessions(case, text) == of


@pytest.mark.parametrize(
    ("text", "found", "of"),
    [
        ("sedebug", [3], [A]),
        ("LAP9", [5], [B]),
        ("mstsc", [6], [A]),
        ('"System32\\\\MSTSC"', [6], [A]),
        ("fs01", [6, 101, 102, 103], [C, A]),
        ("mallory", [4], []),
        ('"alder\\\\bob"', [5, 6, 8, 103], [A, B]),
        ("%%2313", [4], []),
        ("nowhere", [], []),
        ("203.0.113", [4], []),
    ],
)
def test_a_word_is_looked_for_in_the_whole_record(case: Case, text: str, found: list[int], of: list[str]) -> None:
    """A session is found by its records, so one that somebody used another's password in is found by both names."""
    assert records(case, text) == found
    assert sessions(case, text) == of


@pytest.mark.parametrize("name", groups())
def test_every_group_and_its_opposite_part_the_case_in_two(case: Case, name: str) -> None:
    inside, outside = records(case, f"is:{name}"), records(case, f"-is:{name}")
    assert sorted(inside + outside) == ALL
    assert sorted(sessions(case, f"is:{name}") + sessions(case, f"-is:{name}")) == sorted([A, B, C])


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_example_of_the_help_runs(case: Case, field: object) -> None:
    example = field.example  # type: ignore[attr-defined]
    assert set(records(case, example)) <= set(ALL)
    assert set(sessions(case, example)) <= {A, B, C}


@pytest.mark.parametrize(
    ("values", "found", "of"),
    [
        ("ip:" + ",".join(f"10.0.{n // 256}.{n % 256}" for n in range(1_500)), [5], [B]),
        ("event:" + ",".join(f"{n}..{n + 1}" for n in range(1_000, 3_000, 2)), [103], []),
        ("logon:" + ",".join(map(hex, range(0xA1, 0x3E8))), [2, 3, 5, 6, 7, 8, 9, 10, 101, 102, 103], [C, A, B]),
        ("session:" + ",".join([f"WS1/0xa1@{n}" for n in range(1_000)]), OF_A, [A]),
        ("dur:" + ",".join(f"1s..{n}s" for n in range(5, 1_500)), OF_C, [C]),
    ],
)
def test_a_term_may_have_very_many_values(case: Case, values: str, found: list[int], of: list[str]) -> None:
    assert records(case, values) == found
    assert sessions(case, values) == sorted(of)


def test_what_is_joined_by_or_keeps_what_it_denies(case: Case) -> None:
    assert records(case, "-user:alice or -user:bob") == [record for record in ALL if record != 6]
    assert records(case, "(user:alice type:2) or (user:bob type:10)") == [2, 5, 8, 10]
