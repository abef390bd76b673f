"""The sample of Security-Datasets: every record, at its time, and the desktop that its other logs tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.samples import manifest, sample_loader

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.case import Case

load = sample_loader

ENTRIES = [entry for entry in manifest() if entry["file"].endswith(".jsonl")]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_every_record(entry: dict[str, object], load: Callable[..., Case]) -> None:
    case = load(entry["file"])
    assert (case.problems, case.unreadable) == ([], [])
    counts = case.cursor().execute("SELECT event_id::VARCHAR, count(*) FROM event GROUP BY event_id").fetchall()
    assert dict(counts) == entry["events"]
    # Its records lie in one hour of 2020-09-04; the collector's own clock ran four hours behind UTC.
    ((first, last),) = case.cursor().execute("SELECT min(time), max(time) FROM event").fetchall()
    assert (first.isoformat()[:13], last.isoformat()[:13]) == ("2020-09-04T07", "2020-09-04T07")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_the_desktop_of_a_message(entry: dict[str, object], load: Callable[..., Case]) -> None:
    case = load(entry["file"])
    found = case.cursor().execute("""
        SELECT a.domain, a.name, e.session_number FROM event e JOIN dim_account a ON a.code = e.target
        JOIN dim_channel c ON c.code = e.channel WHERE e.event_id = 21 AND contains(c.text, 'LocalSessionManager')
    """)
    assert found.fetchall() == [("THESHIRE", "pgustavo", 2)]
