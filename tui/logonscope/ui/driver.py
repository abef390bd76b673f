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

    def write(self, data: str) -> None:
        """Write to the terminal."""
        super().write(self._thrift.rewrite(data))
