"""Findings that the user has dismissed, with the reason: a section of the case file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.display import sanitise

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.case_file import CaseFile
    from logonscope.findings.finding import Finding

_SECTION = "dismissed"
Dismissed = dict[str, str]
"""The reason by what ``key_of`` gives."""


def key_of(finding: Finding) -> str:
    """What a finding is known by. One that says something else, because more was loaded, is another finding."""
    return f"{finding.rule} {finding.machine} {finding.seen}"


class DismissedFile:
    """The dismissed findings of a case. Its methods do I/O: they belong into a thread.

    Args:
        file: The file of the case.
    """

    def __init__(self, file: CaseFile) -> None:
        self._file = file

    def read(self) -> Dismissed:
        """All dismissed findings.

        Raises:
            StoreError: The file cannot be read.
        """
        return _from_entries(self._file.section(_SECTION))

    def dismiss(self, finding: Finding, reason: str) -> Dismissed:
        """Dismiss a finding.

        Returns:
            All dismissed findings, those that another process added meanwhile included.

        Raises:
            OutputError: The file cannot be written.
        """
        return self._change(lambda held: held | {key_of(finding): sanitise(reason)})

    def restore(self, finding: Finding) -> Dismissed:
        """Take a finding up again.

        Raises:
            OutputError: The file cannot be written.
        """
        return self._change(lambda held: {key: reason for key, reason in held.items() if key != key_of(finding)})

    def _change(self, changed: Callable[[Dismissed], Dismissed]) -> Dismissed:
        return _from_entries(self._file.change(_SECTION, lambda held: _entries(changed(_from_entries(held)))))


def _entries(dismissed: Dismissed) -> list[dict[str, str]]:
    return [{"finding": key, "reason": reason} for key, reason in dismissed.items()]


def _from_entries(entries: Any) -> Dismissed:
    """Entries that make no sense are left out; an earlier version wrote them as one table."""
    if isinstance(entries, dict):
        entries = [{"finding": key, "reason": reason} for key, reason in entries.items()]
    return {
        str(entry["finding"]): sanitise(str(entry.get("reason", "")))
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and "finding" in entry
    }
