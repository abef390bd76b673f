"""The application: one case, loaded in a thread, shown on one screen."""

from __future__ import annotations

import logging
import sys
import threading
from dataclasses import dataclass
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from textual import on
from textual.app import App
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.worker import get_current_worker

from logonscope.display import plural, sanitise
from logonscope.errors import LogonscopeError, OutputError
from logonscope.fault_report import FAULT, keep_fault
from logonscope.garbage import collect_if_due, collect_only_when_told, rare_collections, spare_all_now
from logonscope.ui.clipboard import in_tmux, tmux_sequence
from logonscope.ui.driver import ThriftyDriver
from logonscope.ui.giving_way import giving_way
from logonscope.ui.lost_terminal import LostTerminal
from logonscope.ui.screens.main import MainScreen
from logonscope.ui.settings import Settings
from logonscope.ui.terminal import wants_no_color
from logonscope.ui.themes import OWN_THEMES, THEMES, next_theme, theme_for
from logonscope.ui.type_ahead import TypeAhead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from textual.worker import Worker

    from logonscope.cache.kept_cases import KeptCases
    from logonscope.case.case import Case
    from logonscope.case.case_file import CaseFile
    from logonscope.case.options import LoadOptions
    from logonscope.case.remembered import Remembered
    from logonscope.model import LoadProgress

_log = logging.getLogger(__name__)
_NOTHING_READ = 2
_GIVE_WAY_SECONDS = 0.05
_STILL_SECONDS = 1.0
"""Without a key for so long, somebody reads."""
_PROBLEMS_TOLD = 3
_NO_KEY = "no-key"
_SWITCH_SECONDS = 0.001
"""How long a busy thread may keep the interpreter from the event loop."""


class LogonscopeApp(App[int]):
    """The browser of one case.

    Args:
        paths: Files and folders to load.
        stdin: Standard input, where a log comes on it.
        filter_text: The filter to begin with.
        work_parent: Where to make the store's folder; the user's cache if None.
        settings: Keys and theme; the usual ones if None.
        salvage: Whether to search the files for records that were not read: ``apart`` or ``sessions``; empty for no.
        options: What is loaded; everything if None.
        cache: Gives the place where loaded cases are kept for the next start, or None to load anew and to keep
            nothing; called in the loading thread.
        follow: Whether to load what comes to the files and folders later.
        case_file: Where to keep what the user keeps of the case; a file in the settings' folder if None.
        before_loading: Called in the loading thread, once the screen is drawn: what else starts then does not delay it.
    """

    TITLE = "logonscope"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = set()

    @dataclass
    class Opened(Message):
        """The case can be asked; it is empty yet."""

        case: Case
        file: CaseFile
        remembered: Remembered

    @dataclass
    class Progressed(Message):
        """Loading went on."""

        progress: LoadProgress

        def can_replace(self, message: Message) -> bool:
            """Only the newest is worth drawing."""
            return isinstance(message, LogonscopeApp.Progressed)

    @dataclass
    class Failed(Message):
        """Loading ended with an error."""

        error: Exception

    def __init__(
        self,
        paths: Sequence[Path],
        stdin: BinaryIO | None = None,
        filter_text: str = "",
        work_parent: Path | None = None,
        settings: Settings | None = None,
        options: LoadOptions | None = None,
        cache: Callable[[], KeptCases | None] = lambda: None,
        *,
        follow: bool = False,
        salvage: str = "",
        case_file: Path | None = None,
        before_loading: Callable[[], None] = lambda: None,
    ) -> None:
        # Decided here because Textual picks its filter for NO_COLOR before a theme can be set.
        super().__init__(driver_class=ThriftyDriver, ansi_color=True if wants_no_color() else None)
        self._paths = paths
        self._stdin = stdin
        self._work_parent = work_parent
        self._salvage = salvage
        self._options = options
        self._cache = cache
        self._follow = follow
        self._case_file = case_file
        self._before_loading = before_loading
        self._case: Case | None = None
        self._made_case: Case | None = None
        """The same, from when it is made on: somebody may leave before it is shown."""
        self._has_left = False
        self._case_closes = threading.Lock()
        self._records = 0
        self._stop_wanted = False
        self._key_pressed = 0.0
        self._loading: Worker[None] | None = None
        self._settings = settings or Settings()
        self._theme_name = self._settings.theme
        self._main = MainScreen(filter_text, self._settings)
        self.fault = ""
        self._type_ahead = TypeAhead(self, super().on_event, lambda: self._main.is_checking)
        self._lost_terminal = LostTerminal(self.exit, self._close_case)

    def on_mount(self) -> None:
        """Show the screen, then begin to load."""
        for theme in OWN_THEMES:
            self.register_theme(theme)
        self.theme = theme_for(self.console.color_system, self._theme_name)
        self.set_keymap({move.id: ",".join(move.keys) or _NO_KEY for move in self._settings.moves})
        self.animation_level = "none"
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        sys.setswitchinterval(_SWITCH_SECONDS)
        collect_only_when_told()
        self.set_interval(_STILL_SECONDS, self._tidy)
        self.push_screen(self._main)
        self._tell_problems()
        # Importing the database and the parser would hold up the first paint.
        self.call_after_refresh(self._begin_to_load)
        if not self.is_headless:
            self._lost_terminal.watch()

    def run(self, *args: Any, **named: Any) -> int | None:
        """Run to the end, as any Textual app; its terminal is watched meanwhile."""
        try:
            return super().run(*args, **named)
        finally:
            self._lost_terminal.stop()

    def _begin_to_load(self) -> None:
        self._loading = self._run_beside(self._load, "load")

    def _tell_problems(self) -> None:
        problems = self._settings.problems
        if problems:
            said = [sanitise(str(problem)) for problem in problems[:_PROBLEMS_TOLD]]
            text = f"{plural(len(problems), 'setting does', 'settings do')} not hold (logonscope config tells all):\n"
            self.notify(text + "\n".join(said), severity="warning", timeout=10, markup=False)

    def action_next_theme(self) -> None:
        """Show the next theme."""
        self._theme_name = next_theme(self._theme_name)
        self.theme = theme_for(self.console.color_system, self._theme_name)
        self.notify(f"Theme {self._theme_name}: {THEMES[self._theme_name].help}.", timeout=3, markup=False)

    def _load(self) -> None:
        with rare_collections():  # what is imported stays
            self._before_loading()
            from logonscope.case.case import Case
            from logonscope.case.case_file import CaseFile
            from logonscope.case.options import USUAL_OPTIONS
            from logonscope.case.remembered import recall

        spare_all_now()
        worker = get_current_worker()
        try:
            with self._case_closes:
                if self._has_left:
                    return
                options = self._options or USUAL_OPTIONS
                self._made_case = case = Case(self._paths, self._stdin, self._work_parent, options, self._cache())
            file = CaseFile(case.paths, self._case_file, self._settings.case_folder)
            self.post_message(self.Opened(case, file, recall(file, case.paths)))
            case.load(
                report=self._report,
                cancelled=lambda: self._is_stopped(worker),
                meanwhile=True,
            )
            spare_all_now()
            if case.cache_remark:
                self.call_from_thread(self.notify, sanitise(case.cache_remark), timeout=10, markup=False)
            if self._salvage and not self._is_stopped(worker):
                case.salvage(lambda: self._is_stopped(worker), in_sessions=self._salvage == "sessions")
            if self._follow:
                case.follow()
        except Exception as error:
            self.post_message(self.Failed(error))

    def action_salvage(self) -> None:
        """Search the files for records that were not read, once all of the rest is there."""
        case = self._case
        if case is None or not case.is_loaded:
            self.notify("Salvage begins when loading is done: try again then.", severity="warning", markup=False)
        elif self._follow:
            self.notify("These files are followed: begin with --salvage to search them too.", markup=False)
        else:
            self._stop_wanted = False
            self._run_beside(self._search, "salvage")

    def _run_beside(self, work: Callable[[], None], name: str) -> Worker[None]:
        return self.run_worker(
            partial(giving_way, work), thread=True, exit_on_error=False, group="load", description=name
        )

    def _search(self) -> None:
        worker, case = get_current_worker(), self._case
        if case is None:
            return
        try:
            found = case.salvage(lambda: self._is_stopped(worker), in_sessions=self._salvage == "sessions")
        except Exception as error:
            self.post_message(self.Failed(error))
        else:
            told = "The files were searched before" if found is None else f"{plural(found, 'record')} recovered"
            told += ": is:recovered lists them, ~ marks them."
            self.call_from_thread(self.notify, told, markup=False)

    def _is_stopped(self, worker: Worker[Any]) -> bool:
        """Asked by the loading thread between batches, where somebody who presses keys goes first."""
        if monotonic() - self._key_pressed < _GIVE_WAY_SECONDS:
            sleep(_GIVE_WAY_SECONDS)
        return worker.is_cancelled or self._stop_wanted

    async def on_event(self, event: Event) -> None:
        """Note when a key was pressed last, and let it wait for the one before."""
        if isinstance(event, (Key, Paste)) and not event.is_forwarded:
            self._key_pressed = monotonic()
            await self._type_ahead.take(event)
        else:
            await super().on_event(event)

    def _tidy(self) -> None:
        """Look for garbage while nobody presses keys: it would hold one up."""
        if monotonic() - self._key_pressed > _STILL_SECONDS:
            collect_if_due()

    def _report(self, progress: LoadProgress) -> None:
        self.post_message(self.Progressed(progress))

    @on(Opened)
    def _show_case(self, event: Opened) -> None:
        self._case = event.case
        self._main.case_file = event.file
        self._main.open_case(event.case)
        self._main.use_remembered(event.remembered)

    @on(Progressed)
    def _show_progress(self, event: Progressed) -> None:
        self._records = event.progress.records
        self._main.show_progress(event.progress)

    @on(Failed)
    def _show_failure(self, event: Failed) -> None:
        error = event.error
        _log.error("loading failed", exc_info=error)
        text = f"{error.message}. {error.advice}" if isinstance(error, LogonscopeError) else repr(error)
        self._main.status.problem_text = f" Loading failed: {sanitise(text)}"
        self._main.show_error(error)

    def copy_to_clipboard(self, text: str) -> None:
        """Hand a text to the terminal; in tmux also in the form that tmux passes on as it is."""
        super().copy_to_clipboard(text)
        if in_tmux() and self._driver is not None:
            self._driver.write(tmux_sequence(text))

    def action_stop_loading(self) -> None:
        """Stop loading; what was read is kept."""
        self._stop_wanted = True

    async def action_quit(self) -> None:
        """Leave: 0 if anything was read, 2 if nothing was."""
        self._stop_wanted = True
        read_something = self._records > 0 or (self._case is not None and bool(self._case.sources))
        self.exit(0 if read_something else _NOTHING_READ)

    def on_unmount(self) -> None:
        """Close the store; a query that still runs is interrupted."""
        self._close_case()

    def _close_case(self) -> None:
        """Close it once; who comes second waits for that, and does not end the program in the middle of it."""
        self._stop_wanted = True
        with self._case_closes:
            self._has_left = True
            shown, case = self._case, self._made_case
            self._case = self._made_case = None
            if case is None:
                return
            try:
                if shown is not None:
                    self._main.note_end()
                    self._main.write_down()
            except OutputError as error:
                self.fault = f"The last view was not kept: {error.message}"
            finally:
                case.close()

    def _fatal_error(self) -> None:
        """End after a fault of ours without printing local variables: they hold text from the logs."""
        self.fault = sanitise(keep_fault(sys.exc_info()[1] or RuntimeError()))
        self._return_code = FAULT
        self._close_messages_no_wait()
