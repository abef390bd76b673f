"""Thresholds come from the user's settings; what makes no sense is told with its line, and the rest holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.config import parse_config
from logonscope.findings.rule import rules
from logonscope.findings.run import run_rules
from logonscope.findings.thresholds import thresholds_from
from logonscope.store.case_store import CaseStore
from support.events import load
from support.rule_logs import Log

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.findings.rule import Thresholds


def read(text: str) -> tuple[Thresholds, list[str]]:
    entries, problems = parse_config(text)
    thresholds, wrong = thresholds_from(entries)
    return thresholds, [str(problem) for problem in (*problems, *wrong)]


@pytest.mark.parametrize(
    "text",
    ["[findings.D1]\nattempts = 20", '[findings."D1"]\nattempts = 20', "[findings]\nD1.attempts = 20"],
    ids=["section", "quoted", "dotted"],
)
def test_a_threshold_is_chosen(text: str) -> None:
    assert read(text) == ({"D1": {"attempts": 20}}, [])


def test_the_kinds_of_values() -> None:
    text = "[findings.D14]\nfrom_hour = 8\nworkdays = [1, 7]\n[findings.D19]\nearlier = 1\n[findings.D33]\n"
    assert read(text) == ({"D14": {"from_hour": 8, "workdays": [1, 7]}, "D19": {"earlier": 1.0}}, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[findings.D1]\n\natempts = 20", "line 3: D1 has no threshold atempts. Did you mean attempts?"),
        ("[findings.D1]\nzzz = 20", "line 2: D1 has no threshold zzz. It has attempts, minutes, grave"),
        ("[findings.D100]\nattempts = 20", "line 2: there is no rule D100. Did you mean D10?"),
        ("[findings]\nD1 = 20", "line 2: D1 must be a section: [findings.D1]. It has attempts, minutes, grave"),
        ("[findings.D1]\nattempts = true", "line 2: D1 attempts must be a whole number from 0 on; it stays 10"),
        ('[findings.D1]\nattempts = "20"', "line 2: D1 attempts must be a whole number from 0 on; it stays 10"),
        ("[findings.D1]\nattempts = -1", "line 2: D1 attempts must be a whole number from 0 on; it stays 10"),
        ("[findings.D14]\nfrom_hour = 25", "line 2: D14 from_hour must be an hour from 0 to 24; it stays 7"),
        ("[findings.D14]\nworkdays = [0]",
         "line 2: D14 workdays must be a list of numbers from 1 to 7; it stays [1, 2, 3, 4, 5]"),
        ("[findings.D19]\nearlier = 7", "line 2: D19 earlier must be a number from 0 to 1; it stays 0.7"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_and_the_rest_holds(text: str, problem: str) -> None:
    assert read(f"{text}\n[findings.D28]\nmachines = 9") == ({"D28": {"machines": 9}}, [problem])


def test_other_sections_are_none_of_its_business() -> None:
    assert read('[keys]\ncopy = "f5"') == ({}, [])


@pytest.mark.parametrize(("attempts", "found"), [(12, True), (13, False)])
def test_the_rules_go_by_it(attempts: int, found: bool, tmp_path: Path) -> None:
    store = CaseStore(tmp_path)
    load(store, Log().many(12, 5.0, "alice").records)
    thresholds, _ = read(f"[findings.D1]\nattempts = {attempts}")
    outcome = run_rules(store.cursor(), rules(), thresholds, {})
    store.close()
    assert ("D1" in {finding.rule for finding in outcome.found}) is found
    assert outcome.broken == ()
