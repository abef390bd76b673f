"""Being at the desk: the screen of a console session is locked, unlocked, and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.demo.desktop import AT_CONSOLE, Desktop
from logonscope.demo.logon_records import CACHED_INTERACTIVE, INTERACTIVE, UNLOCK, target

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.live import LiveSession


class Presence(Desktop):
    """Locks, unlocks and screen savers."""

    def lock(self, session: LiveSession, at: datetime) -> None:
        """The screen of a console session is locked: 4800, if that is audited.

        Raises:
            ValueError: If the session is not an unlocked one at the console.
        """
        self._begin(at)
        self._require(session is self.console and self.is_present(session), session)
        self._leave(session, "locked")
        self._write_screen(session, 4800)

    def unlock(self, session: LiveSession, at: datetime) -> None:
        """The screen of a console session is unlocked with the password (LOGON.md examples 07 and 08).

        Raises:
            ValueError: If the session is not a locked one at the console.
        """
        self._begin(at)
        self._require(session is self.console and session.is_away("locked"), session)
        if session.logon_type == CACHED_INTERACTIVE:
            self._write_cached_unlock(session)
        else:
            logon_ids = self._write_unlock(session, UNLOCK)
            self._write_all_destroyed(session, logon_ids, UNLOCK)
            self._pass(self._jitter(0.03, 0.06))
            self._write_refresh(session)
        self._pass(0.03)
        self._write_screen(session, 4801)
        self._return(session, "locked")
        session.unlocks += 1

    def start_screen_saver(self, session: LiveSession, at: datetime) -> None:
        """The screen saver of a console session comes on: 4802, if that is audited.

        Raises:
            ValueError: If nobody is using the console session.
        """
        self._begin(at)
        self._require(session is self.console and self.is_present(session), session)
        self._leave(session, "idle")
        self._write_screen(session, 4802)

    def dismiss_screen_saver(self, session: LiveSession, at: datetime) -> None:
        """Somebody is back before the screen: 4803, if that is audited.

        Raises:
            ValueError: If its screen saver is not on.
        """
        self._begin(at)
        self._require(session.is_away("idle"), session)
        self._write_screen(session, 4803)
        self._return(session, "idle")

    def _write_unlock(self, session: LiveSession, logon_type: int) -> tuple[int, ...]:
        logon_ids = self._write_desktop_logon(session.account, logon_type, AT_CONSOLE)
        session.services += [("unlock", logon_id) for logon_id in logon_ids]
        return logon_ids

    def _write_cached_unlock(self, session: LiveSession) -> None:
        """Without a domain controller, a logon of type 11 that Windows closes as type 2."""
        logon_ids = self._write_unlock(session, CACHED_INTERACTIVE)
        self._pass(self._jitter(0.1, 0.15))
        self._write_refresh(session)
        self._pass(0.015)
        self._write_all_destroyed(session, logon_ids, INTERACTIVE)

    def _write_all_destroyed(self, session: LiveSession, logon_ids: tuple[int, ...], logon_type: int) -> None:
        for logon_id in logon_ids:
            self._write_destroyed(session.account, logon_id, logon_type)

    def _write_screen(self, session: LiveSession, event_id: int) -> None:
        """4800 to 4803, on the token that signs out."""
        if self.setup.audits_desktop:
            fields = target(session.account) | {"TargetLogonId": session.logon_id}
            self._write("security", event_id, SessionId=session.session_number, **fields)
