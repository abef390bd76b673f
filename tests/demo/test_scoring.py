"""What is wrong with rebuilt sessions is noticed: each fault, put into a faultless rebuild, is found by the score."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.demo.flavour import SERVER_2019, MachineSetup
from logonscope.demo.history import PAUSES, Life, Step, live
from support.logs import write_machine
from support.scoring import Found, Score, Truth, load, score

if TYPE_CHECKING:
    from logonscope.model import Session

HISTORY = Life(
    MachineSetup("WS01", flavour=SERVER_2019, audits_desktop=True),
    (
        Step("rdp_logon", 0, PAUSES[2]),
        Step("console_logon", 0, PAUSES[2]),
        Step("lock", 0, PAUSES[2]),
        Step("unlock", 0, PAUSES[2]),
        Step("run_as", 0, PAUSES[2]),
        Step("network_logon", 1, PAUSES[2]),
        Step("end_session", 1, PAUSES[2]),
    ),
)
"""A stay over Remote Desktop that is still on, one at the console that was ended, a runas, and a contact."""
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Found], Truth]:
    machine = live(HISTORY)
    folder = tmp_path_factory.mktemp("logs")
    write_machine(machine, folder)
    return load(folder, tmp_path_factory.mktemp("work")), Truth(machine.truth(), {"WS01"})


def names(scored: Score) -> set[str]:
    return {name for _, differences in scored.contradictions for name in differences}


def console(found: list[Found]) -> int:
    return next(index for index, one in enumerate(found) if one.session.logon_type == 2 and one.is_stay)


def with_change(found: list[Found], index: int, **changes: Any) -> list[Found]:
    changed = replace(found[index], session=replace(found[index].session, **changes))
    return [*found[:index], changed, *found[index + 1 :]]


def test_the_faultless_rebuild(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    scored = score(found, truth)
    assert scored.contradictions == []
    assert scored.counts["stays found"] == 2
    assert scored.counts["others found"] == 2
    assert scored.counts["attachments right"] == 4
    assert scored.counts["ends exact"] == 1
    assert scored.share("ends in", "ends out") == 1


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("start", lambda s: {"start_earliest": s.start - SECOND, "start_latest": s.start - SECOND}),
        ("start", lambda s: {"start_earliest": s.start + SECOND}),
        ("end", lambda s: {"end_earliest": s.end + SECOND, "end_latest": s.end + SECOND}),
        ("end", lambda s: {"end_earliest": s.end + SECOND, "end_latest": None}),
        ("end", lambda s: {"end_earliest": None, "end_latest": s.end - SECOND}),
        ("end evidence", lambda s: {"end_evidence": "crash"}),
        ("duration", lambda s: {"duration_least": s.duration + 1_000_000}),
        ("duration", lambda s: {"duration_most": s.duration - 1_000_000}),
        ("active", lambda s: {"active": s.active + 2_000_000}),
        ("user", lambda s: {"account": replace(s.account, name="mallory")}),
        ("SID", lambda s: {"account": replace(s.account, sid="S-1-5-21-1-2-3-4")}),
        ("logon type", lambda s: {"logon_type": 11}),
        ("logon IDs", lambda s: {"logon_ids": (*s.logon_ids, 0xDEAD)}),
        ("privileged", lambda s: {"privileged": not s.privileged}),
        ("source IP", lambda s: {"source_ip": "10.9.9.9"}),
        ("role", lambda s: {"role": "secondary"}),
    ],
)
def test_a_wrong_claim(rebuilt: tuple[list[Found], Truth], name: str, change: Any) -> None:
    found, truth = rebuilt
    index = console(found)
    session: Session = found[index].session
    assert name in names(score(with_change(found, index, **change(session)), truth))


def test_an_end_that_has_not_come(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    index = next(index for index, one in enumerate(found) if one.session.logon_type == 10)
    started = found[index].session.start
    scored = score(with_change(found, index, end_earliest=started, end_latest=started), truth)
    assert names(scored) == {"end"}
    assert scored.counts["ends out"] == 1


def test_a_wide_range_is_no_contradiction(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    index = console(found)
    wide = {"end_earliest": found[index].session.start, "end_latest": None, "duration_least": 0, "duration_most": None}
    scored = score(with_change(found, index, **wide), truth)
    assert scored.contradictions == []
    assert scored.counts["ends ranged"] == 1


def test_a_session_that_is_not_found(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    index = console(found)
    scored = score(found[:index] + found[index + 1 :], truth)
    assert {"missed", "attachment"} <= names(scored)
    assert scored.counts["stays missed"] == 1
    assert scored.share("stays found", "stays missed") == 0.5


def test_a_session_that_never_was(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    session = replace(found[0].session, session_id=9999)
    scored = score([*found, Found(session, own=frozenset(), attached=frozenset())], truth)
    assert names(scored) == {"session"}


def test_a_session_that_is_found_twice(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    scored = score([*found, replace(found[console(found)], attached=frozenset())], truth)
    assert names(scored) == {"sessions"}
    assert scored.counts["stays wrong"] == 1


def test_two_sessions_taken_for_one(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    first, second, *others = found
    scored = score([replace(first, own=first.own | second.own), *others], truth)
    assert {"sessions", "missed"} <= names(scored)


def test_what_is_claimed_of_one_that_may_be_several_has_to_hold_for_each(
    rebuilt: tuple[list[Found], Truth],
) -> None:
    found, truth = rebuilt
    first, second, *others = found
    both = replace(first.session, flags=(*first.session.flags, "tokens-unsure"))
    scored = names(score([replace(first, session=both, own=first.own | second.own), *others], truth))
    assert not {"sessions", "missed"} & scored
    assert "start" in scored


def test_what_may_belong_to_another_is_no_second_session(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    first = found[console(found)]
    flagged = replace(first, session=replace(first.session, flags=(*first.session.flags, "twin-unsure")))
    assert "sessions" in names(score([*found, first], truth))
    assert names(score([*found, flagged], truth)) == set()


def test_an_unlock_taken_for_a_stay(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    index = console(found)
    unlocks = found[index].attached
    scored = score([*with_change(found, index), replace(found[index], own=unlocks, attached=frozenset())], truth)
    assert names(scored) == {"session"}
    assert scored.counts["stays wrong"] == 1


def test_a_logon_folded_into_the_wrong_session(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    index, other = console(found), next(i for i, one in enumerate(found) if one.session.logon_type == 10)
    changed = list(found)
    changed[other] = replace(found[other], attached=found[other].attached | found[index].attached)
    changed[index] = replace(found[index], attached=frozenset())
    scored = score(changed, truth)
    assert names(scored) == {"attachment"}
    assert (scored.counts["attachments wrong"], scored.counts["attachments right"]) == (2, 2)


def test_a_logon_that_is_not_folded_into_its_session(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    index = console(found)
    changed = [*found[:index], replace(found[index], attached=frozenset()), *found[index + 1 :]]
    scored = score(changed, truth)
    assert names(scored) == {"attachment"}
    assert scored.counts["attachments missing"] == 2


def test_a_session_that_belongs_to_another(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    index = next(index for index, one in enumerate(found) if one.session.role == "secondary")
    other = next(one.session.session_id for one in found if one.session.logon_type == 10)
    for parent in (other, None):
        changed = with_change(found, index, parent=parent if parent != found[index].session.parent else None)
        assert names(score(changed, truth)) == {"parent"}


def test_scores_add_up(rebuilt: tuple[list[Found], Truth]) -> None:
    found, truth = rebuilt
    both = score(found, truth) + score([], truth)
    assert (both.counts["stays found"], both.counts["stays missed"]) == (2, 2)
    assert len(both.contradictions) == 4 + 4
    assert both.share("stays found", "stays missed") == 0.5
    assert both.share("nothing") == 1
