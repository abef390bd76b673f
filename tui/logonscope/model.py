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
    recovered: str = ""
    """How it was recovered: an entry of ``knowledge/recovery.toml``; empty for a live record."""
    found_at: int | None = None
    """Of a recovered record: where it begins, bytes from the beginning of its file."""

    @property
    def source_text(self) -> str:
        """Where it came from: the address, else the workstation's own claim."""
        return self.source_ip or self.workstation


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record that a session rests on."""

    role: str
    """What the record shows: the entries of ``knowledge/roles.toml``, e.g. ``open``, ``ask``, ``unlock``."""
    row: int
    """The event's row in the store."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which nobody could work in a desktop session."""

    kind: str
    """``locked``, ``disconnected``, ``idle`` (screen saver), ``asleep`` or ``off`` (fast startup)."""
    since: datetime
    until: datetime
    """As stamped; the end of the session where no record ends the absence."""
    from_us: int
    to_us: int
    """Microseconds since the start of the session, on the machine's running time, which no clock step moves."""


@dataclass(frozen=True, slots=True)
class Session:
    """One logon session as one person or program had it (LOGON.md section 3)."""

    session_id: int
    key: str
    """Name to cite: machine, logon ID, first EventRecordID; ``WS1/0x5a1b2@1234``, ``WS1/LSM2@77``, ``WS1/visit@5``."""
    machine: str
    boot: int
    """Number of the boot on that machine; 0 lies before the first start that the log shows."""
    role: str
    """``session``; of one that belongs to another ``secondary`` or ``uac-prompt``; ``visit`` for grouped contacts."""
    logon_class: str
    """``stay``, ``contact``, ``work``, ``identity``, ``unlock`` or ``visit``."""
    parent: int | None
    """The session, or the visit, that this one belongs to."""
    account: Account
    account_kind: str
    logon_type: int | None
    logon_ids: tuple[int, ...]
    """All tokens of the session, the one that signs out first."""
    start: datetime | None
    start_evidence: str
    """``4624``, ``LSM21``, ``7001`` or ``before-log``."""
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
    duration_least: int | None
    duration_most: int | None
    """Between these it lasted, in microseconds: equal where both ends were recorded, None where there is no limit."""
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
    source_evidence: str
    """Which record names the source address: ``4624``, ``4778``, ``LSM21``, ``131``, ``nla``; empty for none."""
    workstation: str
    session_number: int | None
    attached: int
    """How many unlock, reconnect, NLA and other logons were folded into it; the contacts of a visit."""
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

    boot_id: int
    machine: str
    number: int
    start: datetime | None
    """When it started; None for the one that was running when the log begins."""
    start_evidence: str
    """``4608``, ``4624 type 0``, ``activity ID``, ``System`` (12, 6009 or 6005), ``logon IDs`` (begun by then), or
    ``before-log``."""
    start_row: int | None
    """The event that shows the start."""
    kernel_start: datetime | None
    """Start of the kernel as witnessed by activity IDs (rule R6) or Kernel-General 12."""
    last_record: datetime | None
    """Time of the last record of this boot."""
    end: datetime | None
    """When it stopped cleanly; None otherwise."""
    end_evidence: str
    """``shutdown``, ``crash``, ``reboot`` or ``open``."""
    end_is_exact: bool
    """Whether ``end`` is the stop itself, not only the request for it."""
    end_row: int | None
    """The System record that tells how it ended, where the Security log does not."""
    alive_until: datetime | None
    """After a crash: the last moment at which the machine is known to have run (last record, or 6008's heartbeat)."""
    next_start: datetime | None
    stays: int
    """Stays of people that began in it."""
    sessions: int
    """All sessions that began in it."""
    stepped: int
    """Microseconds by which the clock was set while it ran, in all."""
    reused_ids: tuple[int, ...]
    """Logon IDs of people's sessions that other boots of this machine gave out too."""


@dataclass(frozen=True, slots=True)
class CoverageMark:
    """What the records of one channel of one machine cover, or one thing that they lack."""

    mark_id: int
    machine: str
    """Empty for a file that holds records of several machines or of none."""
    channel: str
    kind: str
    """An entry of ``knowledge/coverage.toml``: ``covered``, ``missing``, ``cleared``, ``stopped`` ..."""
    since: datetime | None
    until: datetime | None
    amount: int | None
    """Records covered or missing; microseconds of a clock step; problems of a file."""
    row: int | None
    """The event that shows it."""
    text: str
    """The account, file, or audit subcategory that it is about; from the logs, not sanitised."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """One session at one moment (rule R27)."""

    session: Session
    state: str
    """A key of ``[state]`` in ``knowledge/attendance.toml``: ``present``, ``locked`` ...; ``on`` where not audited."""
    reasons: tuple[str, ...]
    """Why it is only possible: keys of ``[possibly]`` in ``knowledge/attendance.toml``; none where it is certain."""


@dataclass(frozen=True, slots=True)
class MachineAt:
    """What is known of one machine at one moment."""

    machine: str
    state: str
    """``running``, ``stopped`` (a clean shutdown before, no start yet), ``unknown``."""
    boot: int | None
    covers: bool
    """Whether its Security log holds records from before and after the moment."""
    first: datetime | None
    last: datetime | None
    """First and last record of its Security log; of all its logs where there is none."""
    gaps: tuple[CoverageMark, ...]
    """Marks of missing, cleared or lost records that the moment lies in or near."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who was on at one moment, on all machines of a case or on those asked for (rule R27)."""

    at: datetime
    certain: tuple[Attendance, ...]
    """People's stays that were on: present first, then disconnected and locked."""
    possible: tuple[Attendance, ...]
    """People's stays that may have been on, with the reasons."""
    contacts: tuple[Attendance, ...]
    """Network contacts that were on, or may have been; the first some hundred of ``contacts_total``."""
    contacts_total: int
    work: tuple[Attendance, ...]
    """Tasks, services, prompts and the system's own; the first some hundred of ``work_total``."""
    work_total: int
    machines: tuple[MachineAt, ...]
    overlaps: tuple[tuple[Session, Session], ...]
    """Stays of one account, on at that moment, from two sources."""


@dataclass(frozen=True, slots=True)
class SourceMachine:
    """A loaded machine that a remote session may have come from."""

    machine: str
    reasons: tuple[str, ...]
    """Why it is thought to be: keys of ``[source]`` in ``knowledge/attendance.toml``, the strongest first."""
    records: int
    """Its own records within ten minutes around the start of the session."""
    covers: bool
    """Whether its records reach that time at all."""
    rows: tuple[int, ...]
    """Its records that point to the session's machine (4648, RDP client 1024 and 1102), nearest first."""


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
class TamperSign:
    """Something in a file that a change of the log would leave behind, and that may have an innocent cause."""

    path: Path
    kind: str
    """An entry of ``knowledge/tamper.toml``: ``hidden``, ``ID break``, ``records checksum`` ..."""
    offset: int
    """Bytes from the beginning of the file."""
    seen: str
    """What was seen there, in words; from the file, not sanitised."""


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
    recovered: int = 0
    """Records that salvage added; not among ``records``."""

    @property
    def verdict(self) -> Literal["complete", "partly", "nothing"]:
        """How much of it could be read."""
        if not self.problems:
            return "complete"
        return "partly" if self.records else "nothing"


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
    """Since loading began."""
    current: str
    """Path of the file being read, or an empty string."""
    stage: Literal["reading", "sessions", "done", "following", "stopped"] = "reading"
    kept_at: datetime | None = None
    """When it was loaded, where an earlier run kept it; naive UTC."""

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
