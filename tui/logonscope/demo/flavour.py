"""The Windows versions that the simulator plays, and how one machine is set up."""

from __future__ import annotations

from dataclasses import dataclass

from logonscope.demo.catalogue import event_kind

SECURITY = "Security"
SYSTEM = "System"
LOCAL_SESSIONS = event_kind("lsm", 21).channel
REMOTE_CONNECTIONS = event_kind("rcm", 1149).channel
RDP_TRANSPORT = event_kind("rdp-core", 131).channel
CHANNELS = frozenset({SECURITY, SYSTEM, LOCAL_SESSIONS, REMOTE_CONNECTIONS, RDP_TRANSPORT})
"""The channels that a machine can write."""


@dataclass(frozen=True, slots=True)
class Flavour:
    """What differs between Windows versions in the records of logon sessions."""

    name: str
    kernel: str
    """Kernel version as EventLog 6009 gives it."""
    build: int
    logon_version: int
    """Version of event 4624."""
    names_boot_in_activity: bool
    """Whether activity IDs carry the time of the boot (rule R6)."""
    privileges_first: bool
    """Whether a network logon's 4672 stands before its 4624 (rule R11)."""
    is_client: bool
    """Whether it is a client, which has one desktop session at a time, sleeps, and starts fast."""
    records_early_boot: bool
    """Whether 4688, 4696 and 4826 of the kernel stand before 4608 (LOGON.md 1.2)."""


WINDOWS_10 = Flavour("Windows 10", "10.00.", 19045, 2, True, False, True, True)
WINDOWS_11 = Flavour("Windows 11", "10.00.", 22631, 3, True, False, True, True)
SERVER_2019 = Flavour("Windows Server 2019", "10.00.", 17763, 2, True, False, False, True)
SERVER_2012_R2 = Flavour("Windows Server 2012 R2", "6.03.", 9600, 1, False, True, False, False)
FLAVOURS = (WINDOWS_10, WINDOWS_11, SERVER_2019, SERVER_2012_R2)


@dataclass(frozen=True, slots=True)
class MachineSetup:
    """One machine: its name, its Windows, and what it is told to record."""

    name: str
    """NetBIOS name."""
    domain: str = "WORKGROUP"
    dns_suffix: str = ""
    flavour: Flavour = WINDOWS_10
    audits_desktop: bool = False
    """Whether *Other Logon/Logoff* is audited: 4778, 4779, 4800 to 4803. Off by default, as in Windows."""
    audits_logoff: bool = True
    """Whether *Logoff* is audited: 4634 and 4647."""
    channels: frozenset[str] = CHANNELS
    """The channels it keeps."""
    bias_minutes: int = 0
    """UTC minus local time."""
    time_zone: str = "GMT Standard Time"

    @property
    def computer(self) -> str:
        """Its name as records state it."""
        return f"{self.name}.{self.dns_suffix}" if self.dns_suffix else self.name
