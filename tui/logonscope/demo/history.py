"""Random but lawful histories of a machine, for tests that compare what a tool finds with the truth.

A history is a list of steps. Each step says what is to happen; one that cannot happen then is left out. So any steps
may be taken away from a history that shows a fault, until only those are left that matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from logonscope.demo.flavour import SECURITY
from logonscope.demo.refusals import WRONG_PASSWORD
from logonscope.demo.simulator import Machine
from logonscope.demo.truth import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logonscope.demo.flavour import MachineSetup
    from logonscope.demo.live import LiveSession

_SID = "S-1-5-21-111-222-333"
PEOPLE = (
    Account("alice", "ALDER", f"{_SID}-1104"),
    Account("bob ", "ALDER", f"{_SID}-1105", admin=True),
    Account("Administrator", "ALDER", f"{_SID}-500", admin=True),
)
"""Who uses the machines: a user, an administrator under UAC whose name ends in a space, and the built-in one."""
BEGIN = datetime(2026, 3, 2, 7, tzinfo=UTC)
"""When a machine is started first."""

ORDINARY = (
    "console_logon",
    "rdp_logon",
    "sign_out",
    "end_session",
    "lock",
    "unlock",
    "start_screen_saver",
    "dismiss_screen_saver",
    "rdp_disconnect",
    "rdp_reconnect",
    "uac_prompt",
    "run_as",
    "run_as_netonly",
    "explicit_credentials",
    "anonymous_logon",
    "network_logon",
    "cleartext_logon",
    "service_logon",
    "batch_logon",
    "rdp_refused",
    "sleep",
    "fast_shutdown",
    "shutdown",
    "archive_log",
)
"""What happens on any machine, after which its logs still tell everything. A machine that is off is started."""
FAULTS = {
    "crashes": ("crash",),
    "clock steps": ("set_clock", "suspend"),
    "cleared logs": ("clear_log",),
    "records taken out": ("tamper",),
    "records dropped": ("overload",),
    "overwritten logs": ("overwrite_log",),
}
"""What makes it harder to tell what happened."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (20, 95, 600, 5000, 40000))
"""How long after one step the next one comes. A network logon less than 10 s before a Remote Desktop logon of the
same account could not be told from its pre-authentication (rule R13)."""

_CLIENT_IP, _CLIENT = "10.0.0.9", "LAP9"
_CLOCK_STEPS = (timedelta(hours=-2), timedelta(seconds=-3), timedelta(minutes=47))
_TAKEN_OUT = ((5, 1), (25, 1), (90, 1), (12, 2), (60, 3))
"""Among how many newest records, and each how-manieth."""
_OVERLOADS = (30.0, 700.0, 6000.0)
_SIZES = (30, 120)
"""How many records an overwritten log still holds."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a history."""

    action: str
    """A name of `ORDINARY`, or of one of the `FAULTS`."""
    way: int = 0
    """Which of the ways in which it can happen then; counted on from the first after the last."""
    pause: timedelta = PAUSES[0]
    """How long nothing happens after it."""


@dataclass(frozen=True, slots=True)
class Life:
    """What kind of machine it is, and what happens to it."""

    setup: MachineSetup
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Action:
    """Something that can happen now."""

    name: str
    """The method of the machine."""
    act: Callable[[datetime], object]


def live(life: Life) -> Machine:
    """Let a machine live through a history."""
    machine = Machine(life.setup)
    now = BEGIN
    for step in life.steps:
        if machine.state != "on" and not _ways(machine, step):
            _wake(machine, now)
        ways = _ways(machine, step)
        if ways:
            ways[step.way % len(ways)].act(now)
            now = max(now, machine.now) + step.pause
    machine.wait_until(now)
    return machine


def _ways(machine: Machine, step: Step) -> Sequence[_Action]:
    return [action for action in _possible(machine) if action.name == step.action]


def _possible(machine: Machine) -> Iterator[_Action]:
    """What can lawfully happen to a machine now."""
    if machine.state == "asleep":
        yield _Action("crash", machine.crash)
    if machine.state != "on":
        return
    yield from _power(machine)
    yield from _logs(machine)
    yield from _contacts(machine)
    yield from _arrivals(machine)
    for session in machine.desktops:
        yield from _in_session(machine, session)


def _wake(machine: Machine, at: datetime) -> None:
    {"off": machine.boot, "asleep": machine.resume, "hibernated": machine.fast_startup}[machine.state](at)


def _power(machine: Machine) -> Iterator[_Action]:
    yield _Action("shutdown", machine.shutdown)
    yield _Action("shutdown", partial(machine.shutdown, sign_out=False))
    yield _Action("crash", machine.crash)
    yield _Action("crash", partial(machine.crash, lost_seconds=30))
    for step in _CLOCK_STEPS:
        yield _Action("set_clock", partial(machine.set_clock, step=step))
    yield _Action("suspend", lambda at: machine.suspend(at, at + timedelta(hours=3)))
    if machine.setup.flavour.is_client:
        yield _Action("sleep", machine.sleep)
        yield _Action("sleep", partial(machine.sleep, modern=True))
        yield _Action("fast_shutdown", machine.fast_shutdown)


def _logs(machine: Machine) -> Iterator[_Action]:
    for channel in _security_first(machine):
        for newest in _SIZES:
            yield _Action("overwrite_log", partial(machine.overwrite_log, channel=channel, newest=newest))
    if SECURITY not in machine.setup.channels:
        return
    yield _Action("archive_log", machine.archive_log)
    for newest, every in _TAKEN_OUT:
        yield _Action("tamper", partial(machine.tamper, newest=newest, every=every))
    for seconds in _OVERLOADS:
        yield _Action("overload", partial(machine.overload, seconds=seconds))


def _security_first(machine: Machine) -> list[str]:
    return sorted(machine.setup.channels, key=lambda channel: (channel != SECURITY, channel))


def _contacts(machine: Machine) -> Iterator[_Action]:
    yield _Action("anonymous_logon", partial(machine.anonymous_logon, _CLIENT_IP, _CLIENT))
    for account in PEOPLE:
        come = partial(machine.network_logon, account, _CLIENT_IP, _CLIENT)
        yield _Action("network_logon", partial(come, seconds=3.0))
        yield _Action("network_logon", partial(come, seconds=7000.0, package="NTLM"))
        yield _Action("cleartext_logon", partial(machine.cleartext_logon, account, _CLIENT_IP, _CLIENT, seconds=2.0))
        yield _Action("service_logon", partial(machine.service_logon, account))
        yield _Action("batch_logon", partial(machine.batch_logon, account, seconds=300.0))
        refuse = partial(machine.rdp_refused, account.name, account.domain, _CLIENT_IP, _CLIENT)
        yield _Action("rdp_refused", partial(refuse, failure=WRONG_PASSWORD))


def _arrivals(machine: Machine) -> Iterator[_Action]:
    if machine.desktops and machine.setup.flavour.is_client:
        return
    remote = [session.account for session in machine.desktops if session.is_remote]
    for account in PEOPLE:
        if not machine.console:
            yield _Action("console_logon", partial(machine.console_logon, account))
            yield _Action("console_logon", partial(machine.console_logon, account, cached=True))
        if account not in remote:
            come = partial(machine.rdp_logon, account, _CLIENT_IP, _CLIENT)
            yield _Action("rdp_logon", come)
            yield _Action("rdp_logon", partial(come, nla=False))


def _in_session(machine: Machine, session: LiveSession) -> Iterator[_Action]:
    yield _Action("end_session", partial(machine.end_session, session))
    if session.is_remote:
        yield _Action("rdp_reconnect", partial(machine.rdp_reconnect, session, "10.0.0.12", "PC12"))
        if not session.is_away("disconnected"):
            yield _Action("rdp_disconnect", partial(machine.rdp_disconnect, session))
            yield _Action("rdp_disconnect", partial(machine.rdp_disconnect, session, chosen=True))
    elif session.is_away("locked"):
        yield _Action("unlock", partial(machine.unlock, session))
    elif session.is_away("idle"):
        yield _Action("dismiss_screen_saver", partial(machine.dismiss_screen_saver, session))
    else:
        yield _Action("lock", partial(machine.lock, session))
        if machine.setup.audits_desktop:
            yield _Action("start_screen_saver", partial(machine.start_screen_saver, session))
    if machine.is_present(session):
        yield from _at_the_desk(machine, session)


def _at_the_desk(machine: Machine, session: LiveSession) -> Iterator[_Action]:
    yield _Action("sign_out", partial(machine.sign_out, session))
    if session.privileged:
        for channel in _security_first(machine):
            yield _Action("clear_log", partial(machine.clear_log, session, channel=channel))
        yield _Action("set_clock", partial(machine.set_clock, step=_CLOCK_STEPS[0], by=session))
    for account in PEOPLE:
        if account == session.account:
            continue
        if not session.is_remote:
            yield _Action("uac_prompt", partial(machine.uac_prompt, session, account))
            yield _Action("uac_prompt", partial(machine.uac_prompt, session, account, seconds=60.0))
        yield _Action("run_as", partial(machine.run_as, session, account))
        yield _Action("run_as", partial(machine.run_as, session, account, seconds=60.0))
        yield _Action("run_as_netonly", partial(machine.run_as_netonly, session, account))
        give = partial(machine.explicit_credentials, session, account, "fs01", "cifs/fs01")
        yield _Action("explicit_credentials", give)
