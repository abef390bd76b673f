"""Every record of every sample is read, and what can't be read is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.samples import manifest, sample_loader

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.case import Case

load = sample_loader

LOGS = [entry for entry in manifest() if entry["file"].endswith(".evtx")]
NO_LOGS = ("damaged/zero_length.evtx", "damaged/git_lfs_pointer_named_Security.evtx")

BETTER = {"damaged/plaso_System2_truncated_is_Security.evtx": 283}
"""Files of which more is read than by the bare parser: the whole records of a chunk that is cut short."""


@pytest.mark.parametrize("entry", LOGS, ids=lambda entry: entry["file"])
def test_counts(entry: dict[str, Any], load: Callable[..., Case]) -> None:
    case = load(entry["file"])
    assert sum(source.records for source in case.sources) == BETTER.get(entry["file"], entry["records_rust"])
    assert len(case.problems) >= (0 if entry["file"] in NO_LOGS else entry["errors_rust"] or 0)
    assert len(case.unreadable) == (entry["file"] in NO_LOGS)
    channels = case.cursor().execute(
        "SELECT c.text, count(*) FROM event e JOIN dim_channel c ON c.code = e.channel GROUP BY c.text"
    )
    if entry["file"] not in BETTER:
        assert dict(channels.fetchall()) == (entry["channels"] or {})
