"""Users and sources as tables and as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.columns import Column
from logonscope.display import sanitise, time_text
from logonscope.export.citing import NOTHING_CITED
from logonscope.export.fields import RowField

if TYPE_CHECKING:
    from logonscope.case.uses import SeenAs, Whose
    from logonscope.export.citing import Citing

_MINUTE = 16
_CALLED = {"user": ("User", "sources"), "source": ("Source", "users")}


def use_columns(whose: Whose) -> tuple[Column[SeenAs], ...]:
    """Columns of the list of users or sources."""
    called, others = _CALLED[whose]
    return (
        Column(called, 24, 0, lambda seen: sanitise(seen.name) or "(none)", takes_rest=True),
        Column("Stays", 6, 0, lambda seen: f"{seen.stays:,}", right=True),
        Column("Contacts", 8, 1, lambda seen: f"{seen.contacts:,}", right=True),
        Column("Work", 6, 3, lambda seen: f"{seen.work:,}", right=True),
        Column("System", 6, 4, lambda seen: f"{seen.system:,}", right=True),
        Column("Refused", 7, 0, lambda seen: f"{seen.refused:,}", right=True),
        Column("Admin", 5, 2, lambda seen: f"{seen.privileged:,}", right=True),
        Column("Machines", 8, 2, lambda seen: f"{seen.machines:,}", right=True),
        Column(others.title(), 7, 2, lambda seen: f"{seen.others:,}", right=True),
        Column("First (UTC)", 16, 0, lambda seen: time_text(seen.first)[:_MINUTE]),
        Column("Last (UTC)", 16, 1, lambda seen: time_text(seen.last)[:_MINUTE]),
    )


def use_fields(whose: Whose, citing: Citing = NOTHING_CITED) -> tuple[RowField[SeenAs], ...]:
    """The columns of a user or a source; the record that it is first seen by is cited."""
    called, others = _CALLED[whose]
    sids: tuple[RowField[SeenAs], ...] = ()
    if whose == "user":
        sids = (RowField("sids", "texts", "The SIDs of the accounts that are this user.", lambda seen: seen.sids),)
    return (
        RowField(
            called.lower(), "text", f"The {called.lower()}; empty where records name none.", lambda seen: seen.name
        ),
        *sids,
        RowField("stays", "number", "Stays at a desktop.", lambda seen: seen.stays),
        RowField("contacts", "number", "Contacts over the network.", lambda seen: seen.contacts),
        RowField("work", "number", "Tasks and services.", lambda seen: seen.work),
        RowField("system", "number", "Sessions of the system's own accounts.", lambda seen: seen.system),
        RowField("refused", "number", "Refused logons.", lambda seen: seen.refused),
        RowField("privileged", "number", "Sessions with administrator rights.", lambda seen: seen.privileged),
        RowField("machines", "number", "On how many machines.", lambda seen: seen.machines),
        RowField(others, "number", f"How many {others}.", lambda seen: seen.others),
        RowField("first", "time", "When it was first seen.", lambda seen: seen.first),
        RowField("last", "time", "When it was last seen.", lambda seen: seen.last),
        *citing.fields("the record that it is first seen by", lambda seen: seen.row),
    )
