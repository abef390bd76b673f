"""Findings that the user has dismissed, with the reason: in a file of the user's for each set of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.case.kept_file import KeptFile
from logonscope.display import sanitise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from logonscope.findings.finding import Finding

_FORM = 1
Dismissed = dict[str, str]
"""The reason by what ``key_of`` gives."""


def key_of(finding: Finding) -> str:
    """What a finding is known by. One that says something else, because more was loaded, is another finding."""
    return f"{finding.rule} {finding.machine} {finding.seen}"


class DismissedFile(KeptFile):
    """The dismissed findings of one set of evidence.

    Args:
        paths: The files and folders of the case; with none (standard input), they last as long as the program.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__("dismissed", paths)

    def read(self) -> Dismissed:
        """All dismissed findings.

        Raises:
            StoreError: The file cannot be read.
        """
        return _from_state(self.read_state())

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
        return _from_state(self.change_state(lambda held: {"form": _FORM, "dismissed": changed(_from_state(held))}))


def _from_state(state: Any) -> Dismissed:
    entries = state.get("dismissed") if isinstance(state, dict) else None
    return {str(key): sanitise(str(reason)) for key, reason in entries.items()} if isinstance(entries, dict) else {}
