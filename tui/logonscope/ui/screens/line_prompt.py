"""Asks for something in one line; a mistake is marked at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.markup import escape
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from logonscope.display import sanitise
from logonscope.errors import FilterError
from logonscope.ui.widgets.filter_bar import Remark, marked_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

Answer = TypeVar("Answer")


class Prompt(ModalScreen["Answer | None"], Generic[Answer]):
    """Closes with what the line means, or with None.

    Args:
        question: What the line is for.
        text: What stands in the line at first.
        advice: What is said below it.
        most: How many characters it takes; any number if 0.
        is_edited: Whether that text is written on; else what is typed takes its place.
    """

    DEFAULT_CSS = """
    Prompt { align: center top; }
    Prompt > Vertical { width: 96%; height: 6; border: round $primary; background: $surface; }
    Prompt Input { border: none; height: 1; padding: 0; background: $boost; }
    Prompt #line-remark { height: 1fr; }
    Prompt:ansi > Vertical { background: ansi_default; }
    Prompt:ansi Input { background: ansi_default; text-style: bold; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close")]

    def __init__(
        self, question: str, text: str = "", advice: str = "", most: int = 0, *, is_edited: bool = False
    ) -> None:
        super().__init__()
        self._question = question
        self._text = text
        self._advice = advice
        self._most = most
        self._is_edited = is_edited

    def read(self, text: str) -> Answer | None:
        """What a line means, which is sanitised; None for one that is not to be taken.

        Raises:
            FilterError: It makes no sense.
        """
        raise NotImplementedError

    def remark_on(self, answer: Answer) -> str:
        """What is said below a line that makes sense."""
        return self._advice

    def compose(self) -> ComposeResult:
        """The line to type in, and what is thought of it."""
        with Vertical() as frame:
            frame.border_title = escape(self._question)
            yield _LineInput(
                self._text, compact=True, select_on_focus=not self._is_edited, id="line-input", max_length=self._most
            )
            yield Static(self._advice, id="line-remark", markup=False)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    def _typed(self) -> Answer | None:
        """What the line means now; a mistake is marked."""
        entry = self.query_one(Input)
        try:
            answer = self.read(entry.value.strip())
        except FilterError as error:
            self._say(Remark(sanitise(f"{error.message}. {error.advice}".rstrip()), error.start, error.stop))
            return None
        if answer is not None:
            self._say(Remark(self.remark_on(answer)))
        return answer

    def _say(self, remark: Remark) -> None:
        self.query_one("#line-remark", Static).update(marked_text(remark, self.query_one(Input)))

    @on(Input.Changed)
    def _read_back(self, event: Input.Changed) -> None:
        event.stop()
        self._typed()

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        event.stop()
        answer = self._typed()
        if answer is not None:
            self.dismiss(answer)

    def action_close(self) -> None:
        """Give up."""
        self.dismiss(None)


class LinePrompt(Prompt[str]):
    """Closes with the line, sanitised, or with None.

    Args:
        question: What the line is for.
        text: What stands in the line at first.
        advice: What is said below it.
        check: Raises FilterError where the line makes no sense.
        is_edited: As of ``Prompt``.
    """

    def __init__(
        self,
        question: str,
        text: str = "",
        advice: str = "",
        check: Callable[[str], object] | None = None,
        *,
        is_edited: bool = False,
    ) -> None:
        super().__init__(question, text, advice, is_edited=is_edited)
        self._check = check

    def read(self, text: str) -> str:
        """The line itself."""
        if self._check:
            self._check(text)
        return text


class _LineInput(Input):
    """The line to type in."""

    def validate_value(self, value: str) -> str:
        """Make pasted control characters visible, and begin with the first word, as places in errors do."""
        return sanitise(value).lstrip()
