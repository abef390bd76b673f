"""Findings as rows of a lake."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from logonscope.findings.rule import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from logonscope.findings.finding import Finding

_TEXTS, _TIME = pa.list_(pa.string()), pa.timestamp("us")
_SHAPE = pa.schema(
    {
        "finding_id": pa.int64(),
        **dict.fromkeys(("rule", "title", "severity", "machine"), pa.string()),
        **dict.fromkeys(("since", "until"), _TIME),
        **dict.fromkeys(("seen", "why", "usual", "next_step"), pa.string()),
        "attack": _TEXTS,
        "filter": pa.string(),
        "rows": pa.list_(pa.int64()),
        "records": pa.int64(),
        "sources": _TEXTS,
    }
)


def fill_findings(con: duckdb.DuckDBPyConnection, found: Sequence[Finding]) -> None:
    """Put findings into the table ``finding``; what to look at first among equally grave ones has the smaller ID."""
    weights = {rule.id: rule.weight for rule in rules()}
    told = pa.Table.from_pylist([_row(finding, weights.get(finding.rule, 0)) for finding in found], _SHAPE)
    con.register("told_finding", told)
    con.execute("INSERT INTO finding BY NAME FROM told_finding")
    con.unregister("told_finding")


def _row(finding: Finding, weight: int) -> dict[str, Any]:
    return asdict(finding) | {"finding_id": weight}
