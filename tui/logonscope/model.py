"""The values that pass between the parts: events, sessions, boots, problems. All frozen, all plain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

Grade = Literal["A", "B", "C", "D", "-", "T"]
"""How sure the end of a session is (rule R16): A seen, B asked for or from another channel, C bounded by a
clean stop or its parent, D only known to lie in a range, - still on, T began before the log."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as one record names it."""

    sid: str = ""
    """Security identifier, or an empty string."""
    name: str = ""
    """Account name, trimmed."""
    domain: str = ""
    """Domain or machine that owns the account."""

    @property
    def short(self) -> str:
        """The name alone, or the SID where there is no name."""
        return self.name or ("" if self.sid == "S-1-0-0" else self.sid)

    @property
    def label(self) -> str:
        r"""``DOMAIN\name``, the name alone, or the SID where there is no name."""
        return f"{self.domain}\\{self.name}" if self.name and self.domain else self.short


@dataclass(frozen=True, slots=True)
class Event:
    """One event as the store keeps it. Times are naive UTC; a text that the record lacks is empty."""

    row: int
    """Row number in the case store."""
    time: datetime | None
    tick: int
    """The tenths of a microsecond of the time, 0 to 9."""
    machine: str
    computer: str
    channel: str
    provider: str
    event_id: int
    record_id: int
    """EventRecordID."""
    header_id: int
    """The record ID in the record's header; it can differ from EventRecordID."""
    source: int
    version: int
    outcome: str
    """``success``, ``failure`` or empty (Keywords)."""
    target: Account
    subject: Account
    account: Account
    """The one of the two that the event speaks about."""
    logon_id: int | None
    """The logon ID of the session that the event speaks about."""
    subject_logon_id: int | None
    linked_logon_id: int | None
    logon_type: int | None
    elevated: bool | None
    status: int | None
    sub_status: int | None
    source_ip: str
    workstation: str
    process: str
    logon_process: str
    object: str
    """What was touched: a server, a service, a program, another log."""
    session_number: int | None
    """Number of the desktop session (terminal services)."""
    activity: str
    clock_step: int | None
    """How far the clock was set, in microseconds."""
    fields: dict[str, Any] = field(default_factory=dict)
    """EventData or UserData by field name, as the record holds them."""

    @property
    def source_text(self) -> str:
        """Where it came from: the address, else the workstation's own claim."""
        return self.source_ip or self.workstation


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record that a session rests on."""

    role: str
    """What the record shows: ``start``, ``asked``, ``destroyed``, ``privileges``, ``unlock`` ..."""
    row: int
    """The event's row in the store."""


@dataclass(frozen=True, slots=True)
class Session:
    """One logon session as one person or program had it (LOGON.md section 3)."""

    session_id: int
    key: str
    """Stable name that can be cited: machine, boot and logon ID, e.g. ``WS1/2/0x5a1b2``."""
    machine: str
    boot: int
    """Number of the boot on that machine; 0 lies before the first start that the log shows."""
    role: str
    """``session``, or for one that belongs to another: ``secondary``, ``uac-prompt``."""
    logon_class: str
    """``stay``, ``contact``, ``work``, ``identity``."""
    parent: int | None
    """The session that this one belongs to."""
    account: Account
    account_kind: str
    logon_type: int | None
    logon_ids: tuple[int, ...]
    """All tokens of the session, the one that signs out first."""
    start: datetime | None
    start_evidence: str
    """``4624``, ``LSM21``, or ``before-log``."""
    start_earliest: datetime | None
    start_latest: datetime | None
    end: datetime | None
    """When the person left: the best estimate, the lower limit where only a range is known."""
    end_evidence: str
    """``4647+4634``, ``4647``, ``crash``, ``open`` ...: the entries of ``knowledge/ends.toml``."""
    end_earliest: datetime | None
    end_latest: datetime | None
    destroyed: datetime | None
    """When Windows removed the session."""
    grade: Grade
    duration: int | None
    """Microseconds that the machine ran between start and end; a lower limit where the end is a range."""
    span: int | None
    """Microseconds between start and end as stamped; negative when the clock was set back."""
    active: int | None
    """Microseconds connected and not locked, as far as that was audited."""
    presence: str
    """Which absences the logs could show at all: ``lock``, ``disconnect``, both joined by +, or nothing."""
    last_seen: datetime | None
    """Last record that names the session."""
    privileged: bool
    source_ip: str
    workstation: str
    session_number: int | None
    attached: int
    """How many unlock, reconnect, NLA and other logons were folded into it."""
    flags: tuple[str, ...]
    event_count: int
    """How many records carry one of its logon IDs."""

    @property
    def source_text(self) -> str:
        """Where it came from: the address, else the workstation's own claim."""
        return self.source_ip or self.workstation

    @property
    def sees_locks(self) -> bool:
        """Whether the logs could show a lock at all."""
        return "lock" in self.presence

    @property
    def is_bounded(self) -> bool:
        """Whether the end is known only as a range."""
        return self.end_earliest != self.end_latest


@dataclass(frozen=True, slots=True)
class Boot:
    """One running of Windows on one machine, from a start to the next (rules R4 to R7)."""

    machine: str
    number: int
    start: datetime | None
    """When it started; None for the one that was running when the log begins."""
    start_evidence: str
    """``4608``, ``4624 type 0``, ``activity ID``, or ``before-log``."""
    kernel_start: datetime | None
    """Start of the kernel as witnessed by activity IDs (rule R6)."""
    last_record: datetime | None
    """Time of the last record of this boot."""
    end: datetime | None
    """When it stopped cleanly; None otherwise."""
    end_evidence: str
    """``shutdown``, ``crash``, ``reboot`` or ``open``."""
    next_start: datetime | None


@dataclass(frozen=True, slots=True)
class ReadProblem:
    """Something in a source that could not be read; it costs itself only."""

    path: Path
    part: Literal["file", "chunk", "record"]
    offset: int | None
    """Bytes from the beginning of the file, or None."""
    record_id: int | None
    """Record ID of the damaged record's header, where known."""
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """One loaded file."""

    number: int
    path: Path
    kind: str
    size: int
    """Bytes."""
    records: int
    problems: int
    notes: tuple[str, ...]
    """What the file's header said that its contents do not bear out."""


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far loading has come."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    records: int
    problems: int
    seconds: float
    """Wall time since loading began."""
    current: str
    """Path of the file being read, or an empty string."""
    stage: Literal["reading", "sessions", "done", "stopped"] = "reading"

    @property
    def rate(self) -> float:
        """Records per second so far."""
        return self.records / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a detail: a heading, a sentence, or a field with its value and what that means. Sanitised."""

    text: str
    name: str = ""
    meaning: str = ""
    heading: bool = False
