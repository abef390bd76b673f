"""Questions to the case, asked in threads; only the answer to the latest question of a kind is used.

A superseded thread cannot be stopped, but its query is interrupted and its answer dropped by its number.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.message import Message

from logonscope.errors import QueryCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.dom import DOMNode

_log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


@dataclass
class Answered(Message):
    """A question was answered, or failed."""

    kind: str
    number: int
    use: Callable[[], None]
    """Hands the answer over; to be called on the event loop."""


class Questions:
    """The questions of one screen.

    Args:
        node: The screen; it must pass ``Answered`` messages to ``deliver``.
    """

    def __init__(self, node: DOMNode) -> None:
        self._node = node
        self._numbers: dict[str, int] = defaultdict(int)
        self._interrupts: dict[str, Callable[[], None]] = {}
        self._unanswered: set[str] = set()

    def ask(
        self,
        kind: str,
        question: Callable[[Asking], Answer],
        use: Callable[[Answer], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Ask something that takes time.

        Args:
            kind: A later question of the same kind makes this one's answer worthless.
            question: Runs in a thread; must touch no widget.
            use: Gets the answer, on the event loop.
            failed: Gets the error, on the event loop.
        """
        self.drop(kind)
        self._unanswered.add(kind)
        number = self._numbers[kind]
        asking = Asking(partial(self._keep_interrupt, kind, number), lambda: self._numbers[kind] != number)
        self._node.run_worker(
            partial(self._run, kind, number, partial(question, asking), use, failed),
            group=kind,
            description=kind,
            thread=True,
            exit_on_error=False,
        )

    def drop(self, kind: str) -> None:
        """Let the answer to the last question of a kind be worthless, and interrupt its query."""
        self._numbers[kind] += 1
        self._unanswered.discard(kind)
        interrupt = self._interrupts.pop(kind, None)
        if interrupt:
            interrupt()

    def give_up(self, kinds: frozenset[str]) -> bool:
        """Drop the unanswered questions of some kinds; whether there were any."""
        waiting = self._unanswered & kinds
        for kind in waiting:
            self.drop(kind)
        return bool(waiting)

    def is_waiting(self, kind: str) -> bool:
        """Whether an answer of this kind is still to come."""
        return kind in self._unanswered

    def _keep_interrupt(self, kind: str, number: int, interrupt: Callable[[], None]) -> None:
        if self._numbers[kind] == number:
            self._interrupts[kind] = interrupt

    def _run(
        self,
        kind: str,
        number: int,
        question: Callable[[], Any],
        use: Callable[[Any], None],
        failed: Callable[[Exception], None],
    ) -> None:
        if self._numbers[kind] != number:
            return
        try:
            answer = question()
        except QueryCancelledError:
            if self._numbers[kind] == number:
                self._node.post_message(Answered(kind, number, lambda: None))
        except Exception as error:
            _log.error("the question %s failed", kind, exc_info=error)
            self._node.post_message(Answered(kind, number, partial(failed, error)))
        else:
            self._node.post_message(Answered(kind, number, partial(use, answer)))

    def deliver(self, answered: Answered) -> None:
        """Use an answer unless a later question of its kind has been asked."""
        if self._numbers[answered.kind] == answered.number:
            self._interrupts.pop(answered.kind, None)
            self._unanswered.discard(answered.kind)
            answered.use()


@dataclass(frozen=True, slots=True)
class Asking:
    """What a running question knows of itself."""

    on_cursor: Callable[[Callable[[], None]], None]
    """Takes what interrupts the query that is about to run."""
    is_stale: Callable[[], bool]
    """Whether the answer is no longer wanted."""
