"""What happens to the logs themselves: they are archived, cleared, overwritten, and lose records."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.demo.flavour import SECURITY
from logonscope.demo.logon_records import LogonRecords, subject

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.live import LiveSession
    from logonscope.demo.machine_core import Fields


class LogKeeping(LogonRecords):
    """Archives, clears, overwrites and tampers with logs, and audits more than they can take."""

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
        return name

    def clear_log(self, session: LiveSession, at: datetime, channel: str = SECURITY) -> None:
        """Somebody empties a log; its record IDs go on counting. The Security log then begins with 1102.

        Of any other log, System 104 tells that it was emptied.

        Args:
            session: The session from which it is done.
            at: Real time, UTC.
            channel: Which log.

        Raises:
            ValueError: If the session has ended.
        """
        self._begin(at)
        if not session.is_open:
            raise ValueError(f"session {session.logon_id:#x} has ended")
        self._journal.clear(channel)
        account = session.account
        if channel == SECURITY:
            self._write("log-service", 1102, **subject(account, session.full_logon_id))
        else:
            names: Fields = {"SubjectUserName": account.name, "SubjectDomainName": account.domain}
            self._write("log-service", 104, Channel=channel, **names)

    def overwrite_log(self, at: datetime, channel: str, newest: int) -> None:
        """A log has reached its size: only its newest records are left (it begins in the middle of things).

        Args:
            at: Real time, UTC.
            channel: Which log.
            newest: How many records are left.
        """
        self._begin(at)
        self._journal.keep_newest(channel, newest)

    def tamper(self, at: datetime, newest: int, every: int = 1) -> None:
        """Somebody takes records out of the Security log. Nothing tells of it but the holes in the record IDs.

        Args:
            at: Real time, UTC.
            newest: Among how many of the newest records.
            every: Each how-manieth of them goes; 1 for all.
        """
        self._begin(at)
        self._journal.take_out(SECURITY, newest, every)

    def overload(self, at: datetime, seconds: float) -> None:
        """More is audited than the log service takes: for a time, nothing is; then 1101 says so.

        What is lost on the way has no record IDs, so there is no hole in them.

        Args:
            at: Real time, UTC.
            seconds: How long.
        """
        self._begin(at)
        self._deaf_until = self._now + timedelta(seconds=seconds)
        self._after(seconds, lambda: self._write("log-service", 1101))
