"""A screen without a screen: threads that run when the test says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.ui.questions import Answered


class Threads:
    """Stands in for a screen: keeps threads until the test lets them run, and delivers what they post."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.posted: list[Answered] = []

    def run_worker(self, work: Callable[[], None], **_: Any) -> None:
        self.waiting.append(work)

    def post_message(self, message: Answered) -> None:
        self.posted.append(message)
