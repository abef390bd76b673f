"""The bundled incident: a week of three machines, written as event logs, with the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from logonscope.demo.evtx_writer import write_log
from logonscope.demo.flavour import RDP_TRANSPORT
from logonscope.demo.incident_attack import ARCHIVED_AT, CLEARED_AT, GUESSES, GUESSING_FROM, Intrusion, attack
from logonscope.demo.incident_cast import (
    ANNA,
    ATTACKER_IP,
    BACKUP,
    GATEWAY_IP,
    LOG_END,
    REMOTE_WORKERS,
    SUPPORT,
    TERMINAL_SERVER_IP,
    new_network,
)
from logonscope.demo.incident_office import CRASH_AT, INTERRUPTION_DAYS, INTERRUPTION_HOURS, office
from logonscope.demo.stage import play

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from logonscope.demo.live import LiveSession
    from logonscope.demo.truth import TrueSession


_RDP_TRANSPORT_RECORDS = 1700
"""What fits into the 1 MB that Windows gives such a log: the guessing has overwritten what was before it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an analyst should find. Times are UTC; the clocks of the machines concerned are right."""

    attacker_ip: str
    guesses: int
    """Failed logons from the attacker's address on the terminal server."""
    guessing_began: datetime
    """Less than a second before the first of them."""
    broken_account: str
    """The account that the attacker got in with."""
    entry_logon_ids: tuple[int, ...]
    """The attacker's Remote Desktop session on the terminal server."""
    entry_at: datetime
    borrowed_account: str
    """The account that the attacker went on with."""
    netonly_logon_id: int
    """The ``runas /netonly`` identity in that session."""
    share_logon_id: int
    """The attacker's network logon on the file server."""
    second_logon_ids: tuple[int, ...]
    """The attacker's Remote Desktop session on the file server."""
    internal_ip: str
    """Where that session comes from: the terminal server."""
    archive: str
    """File name of the terminal server's Security log as it was shortly before it was cleared."""
    archived_at: datetime
    cleared_at: datetime
    """When the attacker's session cleared the terminal server's Security log."""
    crash_at: datetime
    """When the workstation stopped under its user."""
    crash_user: str
    gateway_ip: str
    interruption_days: tuple[datetime, ...]
    """Days on which the gateway dropped all Remote Desktop users for 3 to 4 minutes at each full hour."""
    interruption_hours: tuple[int, ...]
    interrupted_users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """The written incident."""

    folder: Path
    machines: tuple[str, ...]
    """Names of the machines, which are the names of their folders too."""
    sessions: tuple[TrueSession, ...]
    """The true sessions of all machines."""
    facts: Facts


def build_incident(folder: Path) -> Incident:
    """Write the incident's logs: one folder for each machine, the same bytes every time.

    Args:
        folder: Where to write; made when it does not exist.

    Returns:
        The true sessions, and what there is to find.

    Raises:
        OSError: If a file cannot be written.
    """
    network = new_network()
    intrusion = Intrusion()
    play(chain(office(network), attack(network, intrusion)))
    network.terminal_server.overwrite_log(LOG_END, RDP_TRANSPORT, _RDP_TRANSPORT_RECORDS)
    for machine in network.machines:
        machine.wait_until(LOG_END)
        place = folder / machine.setup.name
        place.mkdir(parents=True, exist_ok=True)
        for name, records in machine.files().items():
            write_log(place / name, records)
    return Incident(
        folder=folder,
        machines=tuple(machine.setup.name for machine in network.machines),
        sessions=tuple(session for machine in network.machines for session in machine.truth()),
        facts=_facts(intrusion),
    )


def _facts(intrusion: Intrusion) -> Facts:
    entry, second = _played(intrusion.entry), _played(intrusion.second)
    return Facts(
        attacker_ip=ATTACKER_IP,
        guesses=GUESSES,
        guessing_began=GUESSING_FROM,
        broken_account=SUPPORT.name,
        entry_logon_ids=entry.logon_ids,
        entry_at=entry.start.stamped,
        borrowed_account=BACKUP.name,
        netonly_logon_id=_played(intrusion.netonly).logon_id,
        share_logon_id=_played(intrusion.share).logon_id,
        second_logon_ids=second.logon_ids,
        internal_ip=TERMINAL_SERVER_IP,
        archive=intrusion.archive,
        archived_at=ARCHIVED_AT,
        cleared_at=CLEARED_AT,
        crash_at=CRASH_AT,
        crash_user=ANNA.name,
        gateway_ip=GATEWAY_IP,
        interruption_days=INTERRUPTION_DAYS,
        interruption_hours=tuple(INTERRUPTION_HOURS),
        interrupted_users=tuple(account.name for account, _ in REMOTE_WORKERS),
    )


def _played(session: LiveSession | None) -> LiveSession:
    if session is None:
        raise AssertionError("the story was not played to its end")
    return session
