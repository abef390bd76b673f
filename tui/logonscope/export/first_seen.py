"""Combinations seen for the first time as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.export.citing import NOTHING_CITED
from logonscope.export.fields import RowField

if TYPE_CHECKING:
    from logonscope.case.first_seen import FirstSeen
    from logonscope.export.citing import Citing


def first_seen_fields(citing: Citing = NOTHING_CITED) -> tuple[RowField[FirstSeen], ...]:
    """The columns of a combination; its first logon is cited."""
    return (
        RowField("first", "time", "The first logon.", lambda row: row.first),
        RowField("last", "time", "The last logon.", lambda row: row.last),
        RowField("times", "number", "How many logons.", lambda row: row.times),
        RowField("machine", "text", "Which machine.", lambda row: row.machine),
        RowField("user", "text", "Who.", lambda row: row.account.name),
        RowField("domain", "text", "The domain or machine of that account.", lambda row: row.account.domain),
        RowField("sid", "text", "The SID of that account.", lambda row: row.account.sid),
        RowField("source", "text", "Where from: an address, else the client's own claim.", lambda row: row.source),
        RowField("logon_type", "number", "How: 2 console, 3 network, 10 Remote Desktop.", lambda row: row.logon_type),
        RowField("new", "texts", "What of it that machine had not seen before.", lambda row: row.new),
        RowField(
            "earlier_coverage", "length", "Seconds that the Security log of that machine reaches back before.",
            lambda row: row.earlier,
        ),
        RowField("earlier_holes", "number", "How often records are missing from that time.", lambda row: row.holes),
        *citing.fields("the first logon", lambda row: row.row),
    )  # fmt: skip
