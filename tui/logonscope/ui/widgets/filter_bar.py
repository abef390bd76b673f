"""The filter: what holds now, and the line to type a new one in, with its count or its error as one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from logonscope.display import sanitise

if TYPE_CHECKING:
    from textual.app import ComposeResult

_PROMPT = "/ "


@dataclass(frozen=True, slots=True)
class FilterState:
    """What the bar says while no filter is being typed."""

    text: str = ""
    sentence: str = "everything"
    count: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of the text being typed: a count, or an error at its place."""

    text: str
    start: int | None = None
    stop: int | None = None


class FilterBar(Vertical):
    """One line; three while a filter is being typed."""

    DEFAULT_CSS = """
    FilterBar { height: 1; }
    FilterBar.-editing { height: 3; }
    FilterBar Input { border: none; height: 1; padding: 0; background: $boost; display: none; }
    FilterBar.-editing Input { display: block; }
    FilterBar:ansi Input { background: ansi_default; text-style: bold; }
    """

    state: reactive[FilterState] = reactive(FilterState())
    remark: reactive[Remark] = reactive(Remark(""))

    @dataclass
    class Typed(Message):
        """The text being typed changed."""

        text: str

    @dataclass
    class Entered(Message):
        """A filter is to hold."""

        text: str

    @dataclass
    class Left(Message):
        """Typing was given up."""

    def __init__(self) -> None:
        super().__init__(id="filter")
        self._history: list[str] = []

    def compose(self) -> ComposeResult:
        """The line that says, and the line to type in."""
        yield _FilterInput(id="filter-input", compact=True, select_on_focus=False)
        yield _Line(id="filter-line")

    @property
    def is_editing(self) -> bool:
        """Whether a filter is being typed."""
        return self.has_class("-editing")

    def edit(self) -> None:
        """Begin to type, with the present filter to change."""
        entry = self.query_one("#filter-input", Input)
        self.add_class("-editing")
        entry.value = f"{self.state.text} " if self.state.text else ""
        entry.cursor_position = len(entry.value)
        self.remark = Remark("Enter holds it, Esc leaves it. Fields: user: type: event: ip: is: time: since: dur: ...")
        entry.focus()

    def close(self) -> None:
        """End typing."""
        self.remove_class("-editing")
        self.remark = Remark("")

    def remember(self, text: str) -> None:
        """Keep a filter for the arrow keys."""
        if text and text not in self._history[-1:]:
            self._history.append(text)

    def recall(self, steps: int, present: str) -> str:
        """An earlier filter, or the present text where there is none."""
        entries = [*self._history, present] if present not in self._history else self._history
        place = entries.index(present) if present in entries else len(entries) - 1
        return entries[max(0, min(place + steps, len(entries) - 1))] if entries else present

    def watch_state(self) -> None:
        """Say what holds."""
        if self.is_mounted:
            self.query_one(_Line).refresh()

    def watch_remark(self) -> None:
        """Say what is thought of the text."""
        if self.is_mounted:
            self.query_one(_Line).refresh()

    @on(Input.Changed)
    def _on_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_editing:
            self.post_message(self.Typed(event.value.strip()))

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(event.value.strip()))


class _FilterInput(Input):
    """The line to type in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("up", "recall(-1)", "Earlier filter", show=False),
        Binding("down", "recall(1)", "Later filter", show=False),
    ]

    def validate_value(self, value: str) -> str:
        """Make pasted control characters visible, and begin with the first word, as places in errors do."""
        return sanitise(value).lstrip()

    def action_leave(self) -> None:
        """Give up."""
        self.post_message(FilterBar.Left())

    def action_recall(self, steps: int) -> None:
        """Bring back an earlier filter."""
        bar = self.parent
        if isinstance(bar, FilterBar):
            self.value = bar.recall(steps, self.value.strip())
            self.cursor_position = len(self.value)


class _Line(Widget):
    """Says what holds, or what is thought of the text being typed."""

    DEFAULT_CSS = """
    _Line { height: 1fr; }
    _Line > .filter-line--sentence { color: $text-muted; }
    _Line > .filter-line--error { color: $error; text-style: bold; }
    """
    COMPONENT_CLASSES = {"filter-line--sentence", "filter-line--error"}  # noqa: RUF012 - as Textual declares it

    def render(self) -> Text:
        """The line."""
        bar = self.parent
        if not isinstance(bar, FilterBar):
            return Text("")
        if bar.is_editing:
            return self._remark(bar.remark, bar.query_one("#filter-input", Input))
        state = bar.state
        line = Text(_PROMPT, no_wrap=True, overflow="ellipsis")
        line.append(state.text or "no filter", "bold" if state.text else "")
        said = f"  {state.count}"
        if state.text:
            said += f"  showing {state.sentence}"
        line.append(said, self.get_component_rich_style("filter-line--sentence"))
        return line

    def _remark(self, remark: Remark, entry: Input) -> Text:
        name = "sentence" if remark.start is None else "error"
        style = self.get_component_rich_style(f"filter-line--{name}")
        return Text(marked_text(remark, entry), style, no_wrap=remark.start is not None, overflow="ellipsis")


def marked_text(remark: Remark, entry: Input) -> str:
    """What is said of a text being typed, under marks at the place that it is about.

    Args:
        remark: What is said.
        entry: The line above; it scrolls, and wide characters take two cells.
    """
    if remark.start is None:
        return remark.text
    blanks = " " * (cell_len(entry.value[: remark.start]) - entry.scroll_offset.x)
    marks = "^" * max(1, cell_len(entry.value[remark.start : remark.stop]))
    return f"{blanks}{marks}\n{remark.text}"
