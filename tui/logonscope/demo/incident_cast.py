"""Who and what the bundled incident is about: one small company's people, machines and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from logonscope.demo.flavour import SERVER_2019, WINDOWS_10, MachineSetup
from logonscope.demo.simulator import Machine
from logonscope.demo.truth import Account

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
"""The first day of the week in which it happens."""
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=day) for day in range(1, 7))
OFFICE_DAYS = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
LOG_END = SUNDAY + timedelta(hours=20)
"""When the logs are collected."""

DOMAIN = "ALDER"
DNS_SUFFIX = "alder.example"
_DOMAIN_SID = "S-1-5-21-2718281828-1618033988-1414213562"

GATEWAY_IP = "10.20.0.5"
"""The RD gateway, through which the office's Remote Desktop users come."""
TERMINAL_SERVER_IP = "10.20.0.20"
ATTACKER_IP = "203.0.113.77"
ATTACKER_WORKSTATION = "WIN-H3X0QF7TK1L"
SCANNER_IPS = ("198.51.100.23", "198.51.100.94", "203.0.113.9")
"""Addresses on the internet that try a few passwords every day."""


def _account(name: str, relative_id: int, *, admin: bool = False) -> Account:
    return Account(name, DOMAIN, f"{_DOMAIN_SID}-{relative_id}", admin)


ADMINISTRATOR = _account("Administrator", 500, admin=True)
ANNA = _account("anna.berg", 1104)
JONAS = _account("jonas.weiss", 1105, admin=True)
SUPPORT = _account("support", 1120, admin=True)
"""The account that is broken into: an administrator of the terminal server with a poor password."""
BACKUP = _account("svc_backup", 1121, admin=True)
"""The account that the intruder goes on with."""
DATABASE = _account("svc_sql", 1122)
REMOTE_WORKERS = tuple(
    (_account(name, 1130 + number), f"LAP-{name[0].upper()}{number:02}")
    for number, name in enumerate(("mira.koch", "tom.lang", "eva.roth", "paul.stein", "lena.graf"))
)
"""The Remote Desktop users and what their own computers are called."""
_COLLEAGUES = ("olga.ritter", "max.brandt", "ida.vogel", "karl.huber", "nora.seidel", "felix.maurer", "rosa.lind")
OFFICE_PCS = (
    (ANNA, "WS01", "10.20.1.31"),
    *(
        (_account(name, 1150 + number), f"WS{number:02}", f"10.20.1.{30 + number}")
        for number, name in enumerate(_COLLEAGUES, start=2)
    ),
)
"""The users of the file server, their computers, and the addresses of those."""
MACHINE_ACCOUNTS = tuple(
    (_account(f"{name}$", 1200 + number), address)
    for number, (name, address) in enumerate(
        [("TS01", TERMINAL_SERVER_IP), ("RDGW", GATEWAY_IP), *((name, address) for _, name, address in OFFICE_PCS)]
    )
)


@dataclass(frozen=True, slots=True)
class Network:
    """The three machines whose logs are collected."""

    workstation: Machine
    terminal_server: Machine
    file_server: Machine
    """The domain controller, which also is the file server."""

    @property
    def machines(self) -> tuple[Machine, Machine, Machine]:
        """All of them."""
        return self.workstation, self.terminal_server, self.file_server


def new_network() -> Network:
    """The three machines, switched off."""
    return Network(
        workstation=Machine(MachineSetup("WS01", DOMAIN, DNS_SUFFIX, WINDOWS_10, audits_desktop=True)),
        terminal_server=Machine(MachineSetup("TS01", DOMAIN, DNS_SUFFIX, SERVER_2019, audits_desktop=True)),
        file_server=Machine(MachineSetup("DC01", DOMAIN, DNS_SUFFIX, SERVER_2019)),
    )


def clock(day: datetime, hours: int, minutes: int = 0, seconds: float = 0.0) -> datetime:
    """A time of a day, UTC."""
    return day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
