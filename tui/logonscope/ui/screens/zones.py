"""What stands beside UTC: nothing, the machine's zone, a chosen zone, the time to the end of the log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logonscope.display import sanitise
from logonscope.errors import FilterError
from logonscope.facts.beside import Beside, find_zone
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.line_prompt import LinePrompt

if TYPE_CHECKING:
    from datetime import tzinfo

    from logonscope.case.zones import Notes

_SECONDS_TOLD = 4.0


class ZonePrompt(LinePrompt):
    """Asks for a time zone; closes with what was typed, or with None.

    Args:
        text: What stands in the line at first.
        remark: What is said below it.
    """

    DEFAULT_CSS = "ZonePrompt > Vertical { height: 5; }"

    def __init__(self, text: str, remark: str) -> None:
        super().__init__("Time zone beside UTC", text, remark)


class Zones(Browser):
    """The key that changes what stands beside UTC."""

    def action_next_zone(self) -> None:
        """Write something else beside UTC."""
        match self.beside.mode:
            case "nothing":
                self._ask_machines()
            case "machine":
                self._ask_zone()
            case "zone":
                self._show_to_end()
            case "end":
                self._show_beside(replace(self.beside, mode="nothing"), "UTC alone.")

    def show_zone(self, mode: str, name: str) -> None:
        """Write beside UTC what stood there before, as far as it can be had.

        Args:
            mode: A mode of ``facts.beside``.
            name: The zone of the mode ``zone``.
        """
        match mode:
            case "machine":
                self._ask_machines()
            case "zone":
                self._find_zone(name)
            case "end":
                self._show_to_end()

    def _ask_machines(self) -> None:
        case = self.case
        if case is None:
            return

        def use(machines: dict[str, Notes]) -> None:
            if machines:
                unknown = sorted(set(self.machine_names) - set(machines))
                but = (
                    f" Not known of {sanitise(', '.join(unknown[:3]))}{' ...' if unknown[3:] else ''}."
                    if unknown
                    else ""
                )
                told = f"Beside UTC: the zone of each machine, by its System log; ? where that leaves a doubt.{but}"
                self._show_beside(replace(self.beside, mode="machine", machines=machines), told)
            else:
                told = "The logs do not tell the machines' time zones (System 6013, Kernel-General 1, 22, 24)."
                self.notify(told, timeout=_SECONDS_TOLD)
                self._ask_zone()

        self.questions.ask("zones", lambda asking: case.over_time.machine_zones(), use, self.show_error)

    def _ask_zone(self, text: str | None = None, remark: str = "") -> None:
        typed = self.beside.zone_name if text is None else text
        hint = "A name as Europe/Berlin, or an offset as +02:00. Enter takes it, Esc leaves it."
        self.app.push_screen(ZonePrompt(typed, remark or hint), self._find_zone)

    def _find_zone(self, text: str | None) -> None:
        if not text or not text.strip():
            self._show_to_end()
            return

        def use(found: tuple[str, tzinfo]) -> None:
            name, zone = found
            told = f"Beside UTC: {name}, as you chose."
            self._show_beside(replace(self.beside, mode="zone", zone=zone, zone_name=name), told)

        def failed(error: Exception) -> None:
            if isinstance(error, FilterError):
                self._ask_zone(sanitise(text), sanitise(f"{error.message}. {error.advice}"))
            else:
                self.show_error(error)

        self.questions.ask("zones", lambda asking: find_zone(text), use, failed)

    def _show_to_end(self) -> None:
        end = self.case.lookup().log_end if self.case else None
        self._show_beside(replace(self.beside, mode="end", log_end=end), "Beside UTC: the time to the end of the log.")

    def _show_beside(self, beside: Beside, told: str) -> None:
        self.beside = beside
        self.rows_are_stale()
        self.restore(self.shown, keep=self.current_id)
        self.show_detail_soon()
        self.notify(told, timeout=_SECONDS_TOLD, markup=False)

    @property
    def machine_names(self) -> list[str]:
        """All machines of the case."""
        return list(self.case.lookup().machine_names.values()) if self.case else []
