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
from logonscope.filters.complete import spot_at
from logonscope.filters.quotes import typeable
from logonscope.filters.syntax import MOST_CHARACTERS
from logonscope.ui.widgets.offer_list import OfferList

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from logonscope.ui.shown import Chip

_PROMPT = "/ "
_LEAST_SENTENCE = 16
"""Cells that are needed to begin to say what a filter shows."""


@dataclass(frozen=True, slots=True)
class FilterState:
    """What the bar says while no filter is being typed."""

    chips: tuple[Chip, ...] = ()
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
    FilterBar.-editing.-long { height: 4; }
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
        cursor: int
        """Where the next character goes."""
        is_chosen: bool = False
        """It comes from the list or the history: nothing more is to be offered for it."""

    class Overlong(Message):
        """What was pasted is longer than a filter may be, and was left out."""

        def __init__(self, characters: int) -> None:
            super().__init__()
            self.characters = characters

    @dataclass
    class Taken(Message):
        """One of the offers is to be put in."""

        position: int

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
        self._chosen_text = ""

    def compose(self) -> ComposeResult:
        """The line that says, and the line to type in."""
        yield _FilterInput(id="filter-input", compact=True, select_on_focus=False)
        yield _Line(id="filter-line")
        yield OfferList()

    @property
    def is_editing(self) -> bool:
        """Whether a filter is being typed."""
        return self.has_class("-editing")

    @property
    def entry(self) -> Input:
        """The line to type in."""
        return self.query_one("#filter-input", Input)

    @property
    def offers(self) -> OfferList:
        """What may be chosen."""
        return self.query_one(OfferList)

    def edit(self, text: str, cursor: int | None = None) -> None:
        """Begin to type.

        Args:
            text: The present filter, to change.
            cursor: Where to type; at the end, where another term may follow, if None.
        """
        entry = self.entry
        self.add_class("-editing")
        entry.value = f"{text} " if text and cursor is None else text
        entry.cursor_position = len(entry.value) if cursor is None else cursor
        self.remark = Remark(
            "Enter holds it, Esc leaves it, Tab completes. Fields: user: type: event: ip: is: time: since: dur: ..."
        )
        entry.focus()

    def close(self) -> None:
        """End typing."""
        self.remove_class("-editing")
        self.offers.offers = ()
        self.remark = Remark("")

    def put(self, text: str, cursor: int) -> None:
        """Take a text that was chosen, for which nothing more is to be offered."""
        self._chosen_text = text
        self.offers.offers = ()
        self.entry.value = text
        self.entry.cursor_position = cursor

    def remember(self, text: str) -> None:
        """Keep a filter for the arrow keys."""
        if text and text not in self._history[-1:]:
            self._history.append(text)

    @property
    def typed(self) -> tuple[str, ...]:
        """The filters that were typed, the latest last."""
        return tuple(self._history)

    def recall(self, steps: int, present: str) -> str:
        """An earlier filter, or the present text where there is none."""
        entries = [*self._history, present] if present not in self._history else self._history
        place = entries.index(present) if present in entries else len(entries) - 1
        return entries[max(0, min(place + steps, len(entries) - 1))] if entries else present

    def on_resize(self) -> None:
        """The screen may have room for the offers now, or no more, and for what is said of the text."""
        self.offers.fit()
        self._fit_remark()

    def watch_state(self) -> None:
        """Say what holds."""
        if self.is_mounted:
            self.query_one(_Line).refresh()

    def watch_remark(self) -> None:
        """Say what is thought of the text."""
        if self.is_mounted:
            self._fit_remark()
            self.query_one(_Line).refresh()

    def _fit_remark(self) -> None:
        """Give an error a line more where the advice at its end would be cut."""
        said = self.remark
        self.set_class(said.start is not None and cell_len(said.text) > self.size.width > 0, "-long")

    @on(Input.Changed)
    def _on_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_editing:
            is_chosen = event.value == self._chosen_text != ""
            self._chosen_text = ""
            self.post_message(self.Typed(event.value.strip(), self.entry.cursor_position, is_chosen))

    @on(OfferList.Clicked)
    def _on_clicked(self, event: OfferList.Clicked) -> None:
        event.stop()
        self.offers.chosen = event.position
        self.post_message(self.Taken(event.position))

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(event.value.strip()))


class _FilterInput(Input):
    """The line to type in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("tab", "take", "Complete", show=False),
        Binding("up", "step(-1)", "Earlier filter", show=False),
        Binding("down", "step(1)", "Next offer", show=False),
    ]

    @property
    def _bar(self) -> FilterBar:
        bar = self.parent
        assert isinstance(bar, FilterBar)
        return bar

    def validate_value(self, value: str) -> str:
        """Write what cannot be seen as an escape, and begin with the first word, as places in errors do."""
        return typeable(value.replace("\t", " ")).lstrip()

    def _on_paste(self, event: events.Paste) -> None:
        """Take several lines as several values, or as several words; and nothing at all rather than a part."""
        event.stop()
        event.prevent_default()
        if len(event.text) + len(self.value) > MOST_CHARACTERS:
            self.post_message(FilterBar.Overlong(len(event.text)))
            return
        spot = spot_at(self.value, self.cursor_position)
        between = "," if spot and spot.field else " "
        lines = [line.strip() for line in event.text.replace("\r", "\n").split("\n") if line.strip()]
        self.replace(between.join(lines) if len(lines) > 1 else event.text.strip("\r\n"), *self.selection)

    def action_leave(self) -> None:
        """Give up choosing, then typing."""
        offers = self._bar.offers
        if offers.chosen is None:
            self.post_message(FilterBar.Left())
        else:
            offers.offers = ()

    def action_take(self) -> None:
        """Put in the marked offer, or the first; offer anew where nothing is offered."""
        offers = self._bar.offers
        if offers.is_open:
            self.post_message(FilterBar.Taken(offers.chosen or 0))
        else:
            self.post_message(FilterBar.Typed(self.value.strip(), self.cursor_position))

    async def action_submit(self) -> None:
        """Put in the marked offer; without one, hold the filter."""
        if self._bar.offers.chosen is None:
            await super().action_submit()
        else:
            self.action_take()

    def action_step(self, lines: int) -> None:
        """Mark the next offer; where there is none, bring back an earlier filter."""
        bar = self._bar
        if bar.offers.is_open and (lines > 0 or bar.offers.chosen is not None):
            bar.offers.move(lines)
            return
        text = bar.recall(lines, self.value.strip())
        if text != self.value:
            bar.put(text, len(text))


class _Line(Widget):
    """Says what holds, or what is thought of the text being typed."""

    DEFAULT_CSS = """
    _Line { height: 1fr; }
    _Line > .filter-line--sentence { color: $text-muted; }
    _Line > .filter-line--chip { text-style: bold; background: $primary 30%; }
    _Line > .filter-line--off { text-style: strike; color: $text-muted; }
    _Line:ansi > .filter-line--chip { text-style: reverse; }
    _Line > .filter-line--error { color: $error; text-style: bold; }
    """
    COMPONENT_CLASSES = {"filter-line--sentence", "filter-line--error", "filter-line--chip", "filter-line--off"}  # noqa: RUF012 - as Textual declares it

    def render(self) -> Text:
        """The line."""
        bar = self.parent
        if not isinstance(bar, FilterBar):
            return Text("")
        if bar.is_editing:
            return self._remark(bar.remark, bar.query_one("#filter-input", Input))
        state = bar.state
        line = Text(_PROMPT)
        chips = self._chips(state.chips)
        room = max(1, self.size.width - cell_len(_PROMPT) - cell_len(state.count) - 2)
        chips.truncate(room, overflow="ellipsis")
        line.append_text(chips)
        style = self.get_component_rich_style("filter-line--sentence")
        line.append(f"  {state.count}", style)
        if state.sentence != "everything" and line.cell_len + _LEAST_SENTENCE <= self.size.width:
            line.append(f"  showing {state.sentence}", style)
            line.truncate(self.size.width, overflow="ellipsis")
        return line

    def _chips(self, chips: tuple[Chip, ...]) -> Text:
        if not chips:
            return Text("no filter")
        on, off = (self.get_component_rich_style(f"filter-line--{name}") for name in ("chip", "off"))
        parts = [
            Text(sanitise(chip.text), on) if chip.is_on else Text(f"off:({sanitise(chip.text)})", off) for chip in chips
        ]
        return Text(" ").join(parts)

    def _remark(self, remark: Remark, entry: Input) -> Text:
        name = "sentence" if remark.start is None else "error"
        style = self.get_component_rich_style(f"filter-line--{name}")
        marks, newline, said = marked_text(remark, entry).rpartition("\n")
        return Text(f"{marks[: self.size.width]}{newline}{said}", style, overflow="ellipsis")


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
