"""Logon types, each with how often it occurs, as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.export.citing import NOTHING_CITED
from logonscope.export.fields import RowField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logonscope.columns import LogonTypeCount
    from logonscope.export.citing import Citing


def logon_type_fields(
    first: Mapping[int, int] | None = None, citing: Citing = NOTHING_CITED
) -> tuple[RowField[LogonTypeCount], ...]:
    """The columns of a logon type; the first record that shows it is cited.

    Args:
        first: The row number of that record, by type.
        citing: Cites those records.
    """
    rows = first or {}
    return (
        RowField("logon_type", "number", "The number that Windows writes.", lambda row: row.number),
        RowField("name", "text", "Its name.", lambda row: row.entry.name if row.entry else None),
        RowField("logons", "number", "Logons (4624) of it under the filter.", lambda row: row.logons),
        RowField("refusals", "number", "Refused logons (4625) of it under the filter.", lambda row: row.refusals),
        RowField(
            "person", "flag", "Whether a person at a desktop logs on so.",
            lambda row: row.entry.person if row.entry else None,
        ),
        RowField("title", "text", "What it is.", lambda row: row.entry.title if row.entry else None),
        *citing.fields("the first of these records", lambda row: rows.get(row.number)),
    )  # fmt: skip
