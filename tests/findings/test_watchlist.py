"""Watchlists: violations are findings, what fits nothing is told of, and a wrong file says where it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.errors import WatchlistError
from logonscope.findings.rule import rules
from logonscope.findings.run import run_rules
from logonscope.findings.watch import _VIOLATIONS
from logonscope.findings.watchlist import WATCH_RULES, Watchlist, source_fits
from logonscope.findings.watchlist_file import read_watchlist
from logonscope.store.case_store import CaseStore
from support.events import load
from support.rule_logs import Log

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.findings.finding import Findings


def watchlist(folder: Path, text: str) -> Watchlist:
    path = folder / "watchlist.toml"
    path.write_text(text, "utf-8")
    read, wrong = read_watchlist(path)
    assert wrong == ()
    return read


def judged(folder: Path, log: Log, text: str) -> Findings:
    (folder / "store").mkdir(exist_ok=True)
    store = CaseStore(folder / "store")
    load(store, log.records)
    found = run_rules(store.cursor(), rules(), {}, {"WS1": ("", 60)}, watchlist(folder, text))
    store.close()
    return found


def broken(found: Findings) -> list[str]:
    return sorted(finding.rule for finding in found.found if finding.rule.startswith("W"))


ALICE_BY_RDP = Log().logon(0, "alice", 10, IpAddress="10.0.0.9")


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ('name = "alice"\nkind = "dormant"', "W1"),
        ('name = "ALDER\\\\al*"\ntypes = [2, 3]', "W2"),
        ('name = "alice"\ndeny_types = [10]', "W2"),
        ('name = "S-1-5-21-1-2-3-1104"\nsources = ["10.1.0.0/16"]', "W3"),
        ('name = "alice"\ndeny_sources = ["10.0.0.0/24"]', "W3"),
        ('name = "alice"\nhours = "10:00-18:00"', "W4"),
        ('name = "ALICE"\nkind = "high value"', "W5"),
    ],
)
def test_a_violation_is_a_finding(entry: str, rule: str, tmp_path: Path) -> None:
    found = judged(tmp_path, ALICE_BY_RDP, f"[[account]]\n{entry}\n")
    assert broken(found) == [rule]
    assert found.unused == ()


@pytest.mark.parametrize(
    "entry",
    [
        'name = "alice"\ntypes = [10]\nsources = ["10.0.0.0/8"]\nhours = "08:00-18:00"',
        'name = "alice"\nhours = "08:00-10:00"',
        'name = "alice"\nhours = "22:00-10:00"',
        'name = "OTHER\\\\alice"\nkind = "dormant"',
        'name = "bob"\nkind = "dormant"',
    ],
)
def test_what_is_allowed_is_no_finding(entry: str, tmp_path: Path) -> None:
    assert broken(judged(tmp_path, ALICE_BY_RDP, f"[[account]]\n{entry}\n")) == []


def test_an_entry_that_fits_nothing_is_told_of(tmp_path: Path) -> None:
    found = judged(tmp_path, ALICE_BY_RDP, '[[account]]\nname = "gone*"\n')
    assert found.unused == ("watchlist: no logon of an account gone*",)


def test_a_known_source_is_muted_and_counted(tmp_path: Path) -> None:
    log = Log().many(60, 2, "alice")
    loud = judged(tmp_path, log, "")
    assert "D1" in [finding.rule for finding in loud.found]
    (tmp_path / "quiet").mkdir()
    quiet = judged(tmp_path / "quiet", log, '[[mute]]\nsource = "10.0.0.0/24"\nrules = ["D1"]\n')
    assert "D1" not in [finding.rule for finding in quiet.found]
    assert quiet.muted == 1


def test_a_refused_use_is_less_grave(tmp_path: Path) -> None:
    found = judged(tmp_path, Log().refused(0, "alice"), '[[account]]\nname = "alice"\nkind = "dormant"\n')
    assert [(f.rule, f.severity) for f in found.found if f.rule == "W1"] == [("W1", "low")]


@pytest.mark.parametrize(
    ("entry", "line", "told"),
    [
        ('[[account]]\nname = "x"\nsourcs = []', 6, "there is no key sourcs. Did you mean sources?"),
        ('[[acount]]\nname = "x"', 4, "acount is no entry. Did you mean account?"),
        ("[account]\nname = 5", 4, "account is no entry. Write [[account]] or [[mute]]."),
        ("[[account]]\nname = 5", 5, "name: Expected `str`, got `int`."),
        ("[[account]]\ntypes = [4]", 4, "Object missing required field `name`."),
        ('[[account]]\nname = "x"\ntypes = [4, "rdp"]', 6, "types: Expected `int`, got `str`."),
        ('[[account]]\nname = "x"\nkind = "servise"', 6, "there is no kind servise. Did you mean service?"),
        ('[[account]]\nname = "x"\nhours = "late"', 6, "hours: Invalid isoformat string: 'late'."),
        ('[[mute]]\nsource = "10.0.0.9"\nrules = ["D1", "D99"]', 6, "rules: there is no rule D99. Did you mean D9?"),
    ],
)
def test_a_wrong_entry_is_told_with_its_line_and_the_others_hold(
    entry: str, line: int, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "watchlist.toml"
    good = '[[mute]]\nsource = "10.1.0.0/16"\n\n'
    path.write_text(good + entry + "\n", "utf-8")
    read, (wrong,) = read_watchlist(path)
    assert wrong.startswith(f"watchlist {path}: line {line}: {told}")
    assert [mute.source for mute in read.mute] == ["10.1.0.0/16"]
    assert read.account == []


@pytest.mark.parametrize(("text", "told"), [("\n[[account\n", "line 2: "), ("x = \ud800", "not UTF-8 at byte 4")])
def test_a_file_that_is_no_toml_says_where(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "watchlist.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(WatchlistError, match=told):
        read_watchlist(path)


def test_a_watchlist_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WatchlistError, match="No such file"):
        read_watchlist(tmp_path / "missing.toml")


def test_a_known_source_of_which_nothing_is_found_is_told_of(tmp_path: Path) -> None:
    text = '[[mute]]\nsource = "10.9.0.0/16"\n[[mute]]\nsource = "10.0.0.9"\nrules = ["D15"]\n'
    assert judged(tmp_path, Log().many(60, 2, "alice"), text).unused == (
        "watchlist: nothing to mute of the source 10.9.0.0/16",
        "watchlist: nothing to mute of the source 10.0.0.9",
    )


def test_the_violations_that_can_be_muted_are_those_that_there_are() -> None:
    assert tuple(violation.rule for violation in _VIOLATIONS) == WATCH_RULES


@pytest.mark.parametrize(
    ("source", "pattern", "fits"),
    [("10.1.2.3", "10.1.0.0/16", True), ("10.1.2.3", "10.1.2.3", True), ("10.2.2.3", "10.1.0.0/16", False),
     ("fe80::1", "fe80::/10", True), ("LAP9", "lap*", True), ("LAP9", "10.0.0.0/8", False)],
)  # fmt: skip
def test_sources(source: str, pattern: str, fits: bool) -> None:
    assert source_fits(source, [pattern]) is fits
