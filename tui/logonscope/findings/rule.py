"""The rules, as their TOML files have them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from logonscope.findings.finding import Severity
from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PACKAGE = "logonscope.findings.rules"
Threshold = int | float | str | list[int | str]
Thresholds: TypeAlias = "Mapping[str, Mapping[str, Threshold]]"
"""By rule and name."""
NO_THRESHOLDS: Thresholds = {}


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule.

    Its SQL reads the store and the tables of ``terms.sql``, and gives a row for each finding:

    - ``machine`` (number, null for several), ``since``, ``until``,
    - ``rows`` (row numbers of its records) and, where those are cut short, ``records`` (how many there are),
    - ``severity`` where it is not always the same,
    - any other columns: what ``seen`` and ``filter`` name.
    """

    id: str
    """``D1`` as in LOGON.md section 5."""
    title: str
    severity: Severity
    weight: int
    """Among equally grave findings the smaller comes first: 1 somebody got in, 2 traces were removed, 3 tries."""
    attack: list[str]
    seen: str
    """Template of the sentence; see ``knowledge.words.fill``."""
    why: str
    usual: str
    next: str
    filter: str
    """Template of the filter."""
    sql: str
    across: bool = False
    """Whether what it finds on one machine may rest on the records of others."""
    thresholds: dict[str, Threshold] = {}
    """What the SQL compares with, by the name that it has there: ``$attempts``."""


@cache
def rules() -> Sequence[Rule]:
    """All rules, in the order of their numbers.

    Raises:
        KnowledgeError: A file does not fit.
    """
    names = sorted(entry.name for entry in files(_PACKAGE).iterdir() if entry.name.endswith(".toml"))
    return sorted((load(name, Rule, _PACKAGE) for name in names), key=_number)


def _number(rule: Rule) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, rule.id))
    return int(digits or 0), rule.id
