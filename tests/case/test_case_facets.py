"""The values of a field are counted in the list that is shown: events, or sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.facets import GROUP_FIELD, facets
from logonscope.case.view import Scope, View
from logonscope.demo.evtx_writer import write_log
from logonscope.errors import QueryCancelledError
from logonscope.filters.fields import FIELD_NAMES
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import parse
from support.small_case import ALICE, SID, EvtxLog, how, small_case, subject, target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.filters.compile import Target


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with small_case(tmp_path_factory.mktemp("facets")) as loaded:
        yield loaded


def counted(case: Case, field: str, target: Target = "event", text: str = "", **how: object) -> dict[str, int]:
    view = View(target, parse(text), scope=Scope.ALL)
    return {entry.value: entry.count for entry in case.value_counts(field, view, **how).values}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "text", "counts"),
    [
        ("event", "machine:FS01", {"4624": 1, "4634": 1, "1102": 1}),
        ("machine", "", {"WS1": 10, "FS01": 3}),
        ("from", "is:failure", {"203.0.113.7": 1, "EVIL": 1}),
        ("from", "event:4624", {"127.0.0.1": 1, "10.0.0.9": 1, "2001:db8::9": 1, "LAP9": 1, "WS1": 1}),
        ("workstation", "event:4624", {"LAP9": 1, "WS1": 1}),
        ("type", "event:4624", {"2": 1, "10": 1, "5": 1, "3": 1}),
        ("status", "event:4625", {"0xc000006a": 1, "0xc000006d": 1}),
        ("end", "logon:0xa1 event:4672", {"4647+4634": 1}),
        ("to", "", {"FS01": 1}),
        ("event", "user:nobody", {}),
    ],
)
def test_events_are_counted(case: Case, field: str, text: str, counts: dict[str, int]) -> None:
    assert counted(case, field, text=text) == counts


@pytest.mark.parametrize(
    ("field", "text", "counts"),
    [
        ("user", "machine:WS1 type:2,10", {"ALDER\\alice": 1, "ALDER\\Bob": 1}),
        ("machine", "user:alice", {"WS1": 1, "FS01": 1}),
        ("type", "user:alice", {"2": 1, "3": 1}),
        ("event", "user:alice type:2", {"4624": 1, "4672": 1, "4647": 1, "4634": 1, "4648": 1}),
        ("grade", "user:alice", {"A": 2}),
    ],
)
def test_sessions_are_counted(case: Case, field: str, text: str, counts: dict[str, int]) -> None:
    assert counted(case, field, "session", text) == counts


def test_a_field_that_says_which_sessions_are_wanted_is_counted_among_all(case: Case) -> None:
    stays = View("session", parse("user:alice"))
    assert {entry.value for entry in case.value_counts("type", stays).values} == {"2", "3"}
    assert {entry.value for entry in case.value_counts("machine", stays).values} == {"WS1"}


@pytest.mark.parametrize("target", ["event", "session"])
@pytest.mark.parametrize("field", [*facets(), GROUP_FIELD])
def test_a_value_that_is_put_into_the_filter_finds_its_count(case: Case, field: str, target: Target) -> None:
    assert agreed(case, field, target) or (field, target) == ("status", "session")


def agreed(case: Case, field: str, target: Target) -> dict[str, int]:
    """The values of a field, each of which finds as many rows as it is said to occur in."""
    found = case.value_counts(field, View(target, scope=Scope.ALL))
    assert found.distinct == len(found.values)
    for entry in found.values:
        view = View(target, parse(f"{field}:{quoted(entry.value)}"), scope=Scope.ALL)
        assert case.count(view) == entry.count > 0, entry
    return {entry.value: entry.count for entry in found.values}


@pytest.fixture(scope="module")
def namesakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Alice, later called root, two more of her name in no domain and in another, a program in two cases."""
    log = EvtxLog("WS1", 1)
    log("08:00:00", 4608)
    names = (ALICE, (ALICE[0], "Alice", "alder.example"), ("S-1-0-0", "alice", ""), (f"{SID}-9", "alice", "OTHER"))
    mixed = (*names, ("S-1-0-0", ALICE[0], "EVIL"), ("S-1-5-21-7-7-7-7", "", ""), (ALICE[0], "root", "ALDER"))
    asked = {"TargetUserName": "bob", "TargetDomainName": "ALDER", "TargetServerName": "FS01"}
    for minute, name in enumerate(mixed):
        log(f"08:{minute:02}:00", 4624, **target(name, 0xA0 + minute), **how(3, ProcessName="C:\\a.exe"))
        log(f"09:{minute:02}:00", 4648, **subject(name, 0xA0 + minute, ProcessName="c:\\A.exe"), **asked)
    folder = tmp_path_factory.mktemp("namesakes")
    write_log(folder / "log.evtx", log.records)
    with Case([folder / "log.evtx"], work_parent=folder) as loaded:
        loaded.load()
        yield loaded


@pytest.mark.parametrize("target", ["event", "session"])
def test_the_names_of_one_person_are_one_value_and_counted_as_the_filter_finds_them(
    namesakes: Case, target: Target
) -> None:
    users = agreed(namesakes, "user", target)
    assert len([name for name in users if name.casefold() in ("alder\\alice", "alder.example\\alice")]) == 1
    assert {"OTHER\\alice", "alice"} < set(users)
    assert users["alice"] > users["OTHER\\alice"]
    assert len(agreed(namesakes, "process", target)) == 1


def test_other_names_of_a_person_are_told_and_found(namesakes: Case) -> None:
    (found,) = namesakes.value_counts("user", View("event"), containing="root").values
    assert (found.value, found.words) == ("ALDER\\alice", "also root")


@pytest.mark.parametrize("target", ["boot", "coverage"])
def test_other_lists_count_events(case: Case, target: Target) -> None:
    assert counted(case, "machine", target) == {"WS1": 10, "FS01": 3}


def test_values_are_found_by_a_part_and_coded_ones_by_their_words(case: Case) -> None:
    assert set(counted(case, "user", containing="AL")) >= {"ALDER\\alice"}
    assert next(iter(counted(case, "user", containing="al"))) in ("ALDER\\alice", "ALDER\\WS1$")
    assert set(counted(case, "type", containing="rdp")) == {"10"}
    assert set(counted(case, "status", containing="wrong password")) == {"0xc000006a"}
    assert counted(case, "user", containing="%") == {}


def test_very_many_values_are_cut_and_counted(case: Case) -> None:
    found = case.value_counts("event", View("event"), limit=2)
    assert (len(found.values), found.distinct) == (2, 8)
    found = case.value_counts("user", View("event"), limit=1)
    assert len(found.values) == 1 < found.distinct


def test_fields_without_counts_give_none(case: Case) -> None:
    assert case.value_counts("dur", View("event")).values == ()
    assert set(facets()) <= {field.name for field in FIELD_NAMES.values()}


def test_a_superseded_question_is_interrupted(case: Case) -> None:
    class Interrupted:
        def execute(self, *_: object) -> None:
            import duckdb

            raise duckdb.InterruptException("interrupted")

    with pytest.raises(QueryCancelledError):
        case.value_counts("user", View("event"), Interrupted())  # type: ignore[arg-type]
