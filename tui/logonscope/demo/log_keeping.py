"""What happens to the Security log itself: it is archived, and it is cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.demo.flavour import SECURITY
from logonscope.demo.logon_records import LogonRecords, subject

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.live import LiveSession


class LogKeeping(LogonRecords):
    """Archives and clears the Security log."""

    def archive_log(self, at: datetime) -> str:
        """The full Security log moves to an archive, and a new one begins with 1105.

        Args:
            at: Real time, UTC.

        Returns:
            Name of the archive file, as Windows makes it.
        """
        self._begin(at)
        name = f"Archive-Security-{self.clock:%Y-%m-%d-%H-%M-%S}-{self.clock.microsecond // 1000:03}.evtx"
        self._journal.archive(SECURITY, name)
        path = f"C:\\Windows\\System32\\Winevt\\Logs\\{name}"
        self._write("log-service", 1105, Channel=SECURITY, BackupPath=path)
        self._kept_until = self._now
        return name

    def clear_log(self, session: LiveSession, at: datetime) -> None:
        """Somebody empties the Security log, which then begins with 1102; its record IDs go on counting.

        Args:
            session: The session from which it is done.
            at: Real time, UTC.

        Raises:
            ValueError: If the session has ended.
        """
        self._begin(at)
        if not session.is_open:
            raise ValueError(f"session {session.logon_id:#x} has ended")
        self._journal.clear(SECURITY)
        self._lose(self._kept_until)
        self._write("log-service", 1102, **subject(session.account, session.full_logon_id))
