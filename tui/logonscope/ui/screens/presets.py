"""Filters with a name: loaded, saved, deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import Binding, BindingType

from logonscope.columns import Column
from logonscope.display import sanitise
from logonscope.errors import FilterError
from logonscope.filters.describe import describe
from logonscope.filters.syntax import parse
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.line_prompt import Prompt
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.case.case_file import CaseFile
    from logonscope.case.presets import Preset, Presets

_COLUMNS: tuple[Column[Preset], ...] = (
    Column("Name", 34, 0, lambda preset: sanitise(preset.name)),
    Column("Whose", 7, 1, lambda preset: "yours" if preset.is_own else "shipped"),
    Column("Filter", 20, 0, lambda preset: sanitise(preset.text), takes_rest=True),
)
_MOST_NAME = 60

Choice = tuple[Literal["load", "save", "delete"], "Preset | None"]


class PresetsScreen(ListScreen[Choice]):
    """Lists the presets; closes with what to do with which.

    Args:
        found: The presets.
        has_filter: Whether there is a filter to save.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "save", "Save as", priority=True),
        Binding("delete,backspace", "delete", "Delete", priority=True),
        Binding("P", "close", "Close"),
    ]

    def __init__(self, found: Presets, *, has_filter: bool) -> None:
        super().__init__(
            "Filters by name",
            _COLUMNS,
            heading=[sanitise(f"Your file is not used: {found.fault}")] if found.fault else (),
            keys="Enter load   s save the present filter as ...   Delete delete   Esc close",
            empty_text="No filters.",
        )
        self._presets = found.presets
        self._has_filter = has_filter

    @property
    def row_count(self) -> int:
        """All presets."""
        return len(self._presets)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Presets as they are drawn."""
        return [
            TableRow(tuple(column.text(preset) for column in _COLUMNS), "alarm" if preset.fault else "")
            for preset in self._presets[start:stop]
        ]

    def whole(self, position: int) -> str:
        """A preset, and what it shows."""
        preset = self._presets[position]
        said = f"cannot be used: {preset.fault}" if preset.fault else _sentence(preset.text)
        return sanitise(preset.text) + "\n" + sanitise(said)

    def choice(self, position: int) -> Choice | None:
        """The preset to load."""
        preset = self._presets[position]
        return None if preset.fault else ("load", preset)

    def action_save(self) -> None:
        """Save the present filter."""
        if self._has_filter:
            self.dismiss(("save", None))
        else:
            self.notify("There is no filter to save.", timeout=3)

    def action_delete(self) -> None:
        """Delete the preset under the cursor."""
        place = self.position
        if place is not None and self._presets[place].is_own:
            self.dismiss(("delete", self._presets[place]))
        else:
            self.notify("This one comes with the program and cannot be deleted.", timeout=3)


def _sentence(text: str) -> str:
    try:
        return f"shows {describe(parse(text))}"
    except FilterError as error:
        return error.message


class NamePrompt(Prompt[str]):
    """Asks for a name in one line; closes with it, or with None."""

    DEFAULT_CSS = "NamePrompt > Vertical { height: 4; }"

    def __init__(self) -> None:
        advice = "Enter saves, Esc leaves it. A filter of yours of that name is replaced."
        super().__init__("Save the filter as ...", advice=advice, most=_MOST_NAME)

    def read(self, text: str) -> str | None:
        """The name; no name is not taken."""
        return text or None


class Presetting(Browser):
    """Opens the list of presets."""

    def action_show_presets(self) -> None:
        """List the filters that have a name."""
        file = self.case_file

        # The core of these is imported in the thread: it need not be there before the first paint.
        def question(asking: object) -> Presets:
            from logonscope.case.presets import presets

            return presets(file)

        def use(found: Presets) -> None:
            self.app.push_screen(PresetsScreen(found, has_filter=bool(self.shown.filter_text)), self._do)

        self.questions.ask("presets", question, use, self.show_error)

    def _do(self, choice: Choice | None) -> None:
        if choice is None:
            return
        what, preset = choice
        if what == "load" and preset:
            self.change(replace(self.shown, filter_text=preset.text, off=()))
        elif what == "delete" and preset:
            self._write(lambda: _delete(preset.name, self.case_file), f"Deleted: {preset.name}.")
        else:
            self.app.push_screen(NamePrompt(), self._save)

    def _save(self, name: str | None) -> None:
        text = self.shown.filter_text
        if name:
            self._write(lambda: _save(name, text, self.case_file), f"Saved as {name}.")

    def _write(self, write: Callable[[], None], said: str) -> None:
        self.questions.ask(
            "presets",
            lambda asking: write(),
            lambda _: self.notify(sanitise(said), timeout=3, markup=False),
            self.show_error,
        )


def _save(name: str, text: str, file: CaseFile) -> None:
    from logonscope.case.presets import save_preset

    save_preset(name, text, file)


def _delete(name: str, file: CaseFile) -> None:
    from logonscope.case.presets import delete_preset

    delete_preset(name, file)
