"""Asks for a moment in one line; a mistake is marked at its place."""

from __future__ import annotations

from datetime import datetime

from logonscope.display import time_text
from logonscope.facts.roll_call import moment
from logonscope.ui.screens.line_prompt import Prompt


class TimePrompt(Prompt[datetime]):
    """Closes with the moment, or with None.

    Args:
        question: What the time is for.
        text: What stands in the line at first.
        log_end: The time of the last record, for ``-2h``.
    """

    KEYS = "Enter asks, Esc leaves it."
    HINT = "Times are UTC."

    def __init__(self, question: str, text: str, log_end: datetime | None) -> None:
        super().__init__(question, text, f"{self.KEYS} {self.HINT}")
        self._log_end = log_end

    def read(self, text: str) -> datetime:
        """Read what is typed.

        Raises:
            FilterError: It is no time.
        """
        return moment(text, self._log_end)

    def remark_on(self, answer: datetime) -> str:
        """The moment as it was understood."""
        return f"{time_text(answer, seconds_only=not answer.microsecond)} UTC. {self.KEYS}"
