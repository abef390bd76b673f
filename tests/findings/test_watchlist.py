"""Watchlists: violations are findings, what fits nothing is told of, and a wrong file says where it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.errors import WatchlistError
from logonscope.findings.rule import rules
from logonscope.findings.run import run_rules
from logonscope.findings.watchlist import Watchlist, load_watchlist, source_fits
from logonscope.store.case_store import CaseStore
from support.events import load
from support.rule_logs import Log

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.findings.finding import Findings


def watchlist(folder: Path, text: str) -> Watchlist:
    path = folder / "watchlist.toml"
    path.write_text(text, "utf-8")
    return load_watchlist(path)


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
    ("text", "message", "advice"),
    [
        ('[[account]]\nname = "x"\nsourcs = []\n', "sourcs", "Did you mean sources?"),
        ('[[acount]]\nname = "x"\n', "acount", "Did you mean account?"),
        ("[[account]]\nname = 5\n", "name", "Keys:"),
        ('[[account]]\nname = "x"\nhours = "late"\n', "late", "Keys:"),
        ("[[account\n", "line 1", "Keys:"),
    ],
)
def test_a_wrong_watchlist_says_where(text: str, message: str, advice: str, tmp_path: Path) -> None:
    with pytest.raises(WatchlistError) as caught:
        watchlist(tmp_path, text)
    assert message in str(caught.value)
    assert str(tmp_path / "watchlist.toml") in str(caught.value)
    assert advice in caught.value.advice


def test_a_watchlist_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WatchlistError, match="No such file"):
        load_watchlist(tmp_path / "missing.toml")


@pytest.mark.parametrize(
    ("source", "pattern", "fits"),
    [("10.1.2.3", "10.1.0.0/16", True), ("10.1.2.3", "10.1.2.3", True), ("10.2.2.3", "10.1.0.0/16", False),
     ("fe80::1", "fe80::/10", True), ("LAP9", "lap*", True), ("LAP9", "10.0.0.0/8", False)],
)  # fmt: skip
def test_sources(source: str, pattern: str, fits: bool) -> None:
    assert source_fits(source, [pattern]) is fits
