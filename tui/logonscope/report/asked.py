"""What a report is asked to hold, and how its making is watched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from logonscope.errors import QueryCancelledError
from logonscope.facts.beside import Beside
from logonscope.filters.terms import EVERYTHING
from logonscope.findings.user_rules import NOTHING_SAID

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.bookmarks import Bookmarks
    from logonscope.case.dismissed import Dismissed
    from logonscope.filters.terms import Node
    from logonscope.findings.user_rules import UserRules


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is made with."""

    node: Node = EVERYTHING
    """A filter for the stays and the drawings."""
    filter_text: str = ""
    """The same as it was typed."""
    command: str = ""
    """How the report was asked for, to make it again."""
    paths: str = ""
    """The evidence as a shell takes it, for the commands that give what is left out."""
    beside: Beside = field(default_factory=Beside)
    """What is written beside times in UTC."""
    own: UserRules = NOTHING_SAID
    bookmarks: Bookmarks = field(default_factory=dict)
    dismissed: Dismissed = field(default_factory=dict)


class Most(NamedTuple):
    """How many rows of each kind a report holds; what is left out is counted in it."""

    stays: int = 2000
    arrivals: int = 300
    refusals: int = 500
    findings: int = 200
    cited: int = 15
    """Records of one finding."""
    marks: int = 300
    """Marks of coverage."""
    sources: int = 1000
    lanes: int = 40
    """Lanes of one drawing."""
    machines: int = 200


MOST = Most()


class Watch:
    """Tells how far the making is, and ends it when nobody wants it any more.

    Args:
        report: Gets what is done next, in words.
        cancelled: Asked between the parts.
    """

    def __init__(
        self, report: Callable[[str], None] = lambda step: None, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self.cancelled = cancelled
        self._report = report

    def step(self, words: str) -> None:
        """Begin another part.

        Raises:
            QueryCancelledError: Nobody wants it any more.
        """
        if self.cancelled():
            raise QueryCancelledError("the report was given up")
        self._report(words)
