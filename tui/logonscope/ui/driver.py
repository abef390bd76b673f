"""The terminal as Textual drives it, with what is drawn made shorter on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

from logonscope.ui.thrift import Thrift

if TYPE_CHECKING:
    from textual.app import App


class ThriftyDriver(LinuxDriver):
    """Writes the same picture in fewer bytes.

    Args:
        app: The app.
        named: As the driver of Textual takes it.
    """

    def __init__(self, app: App[Any], **named: Any) -> None:
        super().__init__(app, **named)
        self._thrift = Thrift()
        self._is_suspended = False

    def write(self, data: str) -> None:
        """Write to the terminal."""
        super().write(self._thrift.rewrite(data))

    def suspend_application_mode(self) -> None:
        """Give the terminal back for a while."""
        self._is_suspended = True
        super().suspend_application_mode()

    def resume_application_mode(self) -> None:
        """Take it again, once: SIGCONT may come twice, and to a program that was never stopped."""
        if self._is_suspended:
            self._is_suspended = False
            super().resume_application_mode()
