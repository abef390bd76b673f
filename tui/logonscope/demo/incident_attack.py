"""The break-in of the bundled incident: guessed passwords, a success, a second machine, a cleared log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from logonscope.demo.incident_cast import (
    ADMINISTRATOR,
    ATTACKER_IP,
    ATTACKER_WORKSTATION,
    BACKUP,
    DOMAIN,
    LOG_END,
    MONDAY,
    REMOTE_WORKERS,
    SATURDAY,
    SCANNER_IPS,
    SUPPORT,
    TERMINAL_SERVER_IP,
    clock,
)
from logonscope.demo.refusals import DISABLED, UNKNOWN_USER, WRONG_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.demo.incident_cast import Network
    from logonscope.demo.live import LiveSession
    from logonscope.demo.stage import Actor

GUESSES = 2500
"""How many passwords are tried before the one that is right."""
GUESSING_FROM = clock(SATURDAY, 2, 11, 4.0)
GUESSING_SECONDS = 40 * 60
ARCHIVED_AT = clock(SATURDAY, 3, 44, 12.5)
"""When the terminal server's Security log is full and is moved to an archive."""
CLEARED_AT = clock(SATURDAY, 3, 52, 30.0)

_EXISTING = (ADMINISTRATOR.name, SUPPORT.name, BACKUP.name, REMOTE_WORKERS[0][0].name)
_MADE_UP = ("admin", "user", "test", "scanner", "office", "sql", "reception", "info", "backup", "helpdesk")
_SHARE_OF_EXISTING = 0.55
_SECOND_SERVER = "dc01.alder.example"


@dataclass(slots=True)
class Intrusion:
    """What the intruder's sessions turn out to be, filled in while the story is played."""

    entry: LiveSession | None = None
    """The Remote Desktop session on the terminal server."""
    netonly: LiveSession | None = None
    """The identity of type 9 in it."""
    share: LiveSession | None = None
    """The contact with the file server's share."""
    second: LiveSession | None = None
    """The Remote Desktop session on the file server."""
    archive: str = ""
    """Name of the archive of the terminal server's Security log."""


def attack(network: Network, intrusion: Intrusion) -> Iterator[Actor]:
    """The break-in, and the background noise of the internet before and after it."""
    yield _guessing(network)
    yield _intruder(network, intrusion)
    yield _log_archive(network, intrusion)
    for address in SCANNER_IPS:
        yield _scanner(network, address)


def _guessing(network: Network) -> Actor:
    random = Random("guessing")
    for number in range(GUESSES):
        now = GUESSING_FROM + timedelta(seconds=number * GUESSING_SECONDS / GUESSES + random.uniform(0, 0.3))
        yield now
        exists = random.random() < _SHARE_OF_EXISTING
        name = random.choice(_EXISTING if exists else _MADE_UP)
        failure = WRONG_PASSWORD if exists else UNKNOWN_USER
        network.file_server.credential_validation(name, ATTACKER_WORKSTATION, now, failure)
        network.terminal_server.rdp_refused(name, DOMAIN, ATTACKER_IP, ATTACKER_WORKSTATION, now, failure=failure)


def _intruder(network: Network, intrusion: Intrusion) -> Actor:
    first, second = network.terminal_server, network.file_server
    yield (now := clock(SATURDAY, 2, 52, 31.7))
    second.credential_validation(SUPPORT.name, ATTACKER_WORKSTATION, now)
    entry = intrusion.entry = first.rdp_logon(SUPPORT, ATTACKER_IP, ATTACKER_WORKSTATION, now)
    yield (now := clock(SATURDAY, 2, 58, 14.2))
    net = "C:\\Windows\\System32\\net.exe"
    first.explicit_credentials(entry, BACKUP, _SECOND_SERVER, f"cifs/{_SECOND_SERVER}", now, net)
    yield (now := now + timedelta(seconds=0.4))
    intrusion.share = second.network_logon(BACKUP, TERMINAL_SERVER_IP, "TS01", now, seconds=660, package="NTLM")
    yield (now := clock(SATURDAY, 3, 4, 9.9))
    intrusion.netonly = first.run_as_netonly(entry, BACKUP, now)
    yield (now := clock(SATURDAY, 3, 9, 57.3))
    first.explicit_credentials(entry, BACKUP, _SECOND_SERVER, f"TERMSRV/{_SECOND_SERVER}", now)
    yield (now := now + timedelta(seconds=6.1))
    intrusion.second = second.rdp_logon(BACKUP, TERMINAL_SERVER_IP, "TS01", now)
    yield (now := clock(SATURDAY, 3, 41, 20.6))
    second.sign_out(intrusion.second, now)
    yield CLEARED_AT
    first.clear_log(entry, CLEARED_AT)
    yield (now := clock(SATURDAY, 3, 58, 2.1))
    first.sign_out(entry, now)


def _log_archive(network: Network, intrusion: Intrusion) -> Actor:
    yield ARCHIVED_AT
    intrusion.archive = network.terminal_server.archive_log(ARCHIVED_AT)


def _scanner(network: Network, address: str) -> Actor:
    """Somebody on the internet tries a few usual names every day."""
    random = Random(address)
    now = clock(MONDAY, 2, 0) + timedelta(hours=random.uniform(1, 9))
    while now < LOG_END:
        yield now
        name, failure = random.choice((("administrator", WRONG_PASSWORD), ("test", UNKNOWN_USER), ("guest", DISABLED)))
        network.terminal_server.rdp_refused(name, "", address, "-", now, failure=failure)
        now += timedelta(hours=random.uniform(1, 4))
