"""Random but lawful histories of a machine, for tests that compare what a tool finds with the truth."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from logonscope.demo.refusals import WRONG_PASSWORD

if TYPE_CHECKING:
    from logonscope.demo.live import LiveSession
    from logonscope.demo.simulator import Machine
    from logonscope.demo.truth import Account

Choose = Callable[[Sequence[Any]], Any]
"""Takes one of several: ``random.choice``, or one that draws from hypothesis."""

GAPS = tuple(timedelta(seconds=seconds) for seconds in (20, 95, 600, 5000, 40000))
"""How long after the last action the next one comes. A network logon less than 10 s before a Remote Desktop
logon of the same account could not be told from its pre-authentication (rule R13)."""
_CLIENT_IP, _CLIENT = "10.0.0.9", "LAP9"
_CLOCK_STEPS = (timedelta(hours=-2), timedelta(seconds=-3), timedelta(minutes=47))


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can happen now."""

    name: str
    """The method of the machine."""
    act: Callable[[datetime], object]


def live_through(
    machine: Machine,
    accounts: Sequence[Account],
    begin: datetime,
    steps: int,
    choose: Choose,
    without: Collection[str] = (),
) -> None:
    """Let a machine live for some steps.

    Args:
        machine: The machine, switched off.
        accounts: Who uses it.
        begin: When it is first started, UTC.
        steps: How many actions happen.
        choose: Takes each decision.
        without: Names of actions that must not happen. After a ``clear_log`` the boots that a log shows are
            no longer those that the truth counts.
    """
    now = begin
    for _ in range(steps):
        possible = [action for action in possible_actions(machine, accounts) if action.name not in without]
        name = choose(sorted({action.name for action in possible}))
        choose([action for action in possible if action.name == name]).act(now)
        now = max(now, machine.now) + choose(GAPS)
    machine.wait_until(now)


def possible_actions(machine: Machine, accounts: Sequence[Account]) -> list[Action]:
    """What can lawfully happen to a machine now.

    Args:
        machine: The machine.
        accounts: Who uses it.
    """
    match machine.state:
        case "off":
            return [Action("boot", machine.boot)]
        case "asleep":
            return [Action("resume", machine.resume), Action("crash", machine.crash)]
        case "hibernated":
            return [Action("fast_startup", machine.fast_startup)]
        case _:
            actions = [*_power(machine), *_contacts(machine, accounts), *_arrivals(machine, accounts)]
            for session in machine.desktops:
                actions += _in_session(machine, session, accounts)
            return actions


def _power(machine: Machine) -> Iterator[Action]:
    yield Action("shutdown", machine.shutdown)
    yield Action("shutdown", partial(machine.shutdown, sign_out=False))
    yield Action("crash", machine.crash)
    yield Action("crash", partial(machine.crash, lost_seconds=30))
    for step in _CLOCK_STEPS:
        yield Action("set_clock", partial(machine.set_clock, step=step))
    yield Action("suspend", lambda at: machine.suspend(at, at + timedelta(hours=3)))
    if machine.setup.flavour.is_client:
        yield Action("sleep", machine.sleep)
        yield Action("fast_shutdown", machine.fast_shutdown)


def _contacts(machine: Machine, accounts: Sequence[Account]) -> Iterator[Action]:
    yield Action("anonymous_logon", partial(machine.anonymous_logon, _CLIENT_IP, _CLIENT))
    for account in accounts:
        come = partial(machine.network_logon, account, _CLIENT_IP, _CLIENT)
        yield Action("network_logon", partial(come, seconds=3.0))
        yield Action("network_logon", partial(come, seconds=7000.0, package="NTLM"))
        yield Action("cleartext_logon", partial(machine.cleartext_logon, account, _CLIENT_IP, _CLIENT, seconds=2.0))
        yield Action("service_logon", partial(machine.service_logon, account))
        yield Action("batch_logon", partial(machine.batch_logon, account, seconds=300.0))
        refuse = partial(machine.rdp_refused, account.name, account.domain, _CLIENT_IP, _CLIENT)
        yield Action("rdp_refused", partial(refuse, failure=WRONG_PASSWORD))


def _arrivals(machine: Machine, accounts: Sequence[Account]) -> Iterator[Action]:
    if machine.desktops and machine.setup.flavour.is_client:
        return
    remote = [session.account for session in machine.desktops if session.is_remote]
    for account in accounts:
        if not machine.console:
            yield Action("console_logon", partial(machine.console_logon, account))
            yield Action("console_logon", partial(machine.console_logon, account, cached=True))
        if account not in remote:
            come = partial(machine.rdp_logon, account, _CLIENT_IP, _CLIENT)
            yield Action("rdp_logon", come)
            yield Action("rdp_logon", partial(come, nla=False))


def _in_session(machine: Machine, session: LiveSession, accounts: Sequence[Account]) -> Iterator[Action]:
    yield Action("end_session", partial(machine.end_session, session))
    if session.is_remote:
        yield Action("rdp_reconnect", partial(machine.rdp_reconnect, session, "10.0.0.12", "PC12"))
        if not session.is_away("disconnected"):
            yield Action("rdp_disconnect", partial(machine.rdp_disconnect, session))
            yield Action("rdp_disconnect", partial(machine.rdp_disconnect, session, chosen=True))
    elif session.is_away("locked"):
        yield Action("unlock", partial(machine.unlock, session))
    else:
        yield Action("lock", partial(machine.lock, session))
    if not session.is_away("disconnected") and not session.is_away("locked"):
        yield from _at_the_desk(machine, session, accounts)


def _at_the_desk(machine: Machine, session: LiveSession, accounts: Sequence[Account]) -> Iterator[Action]:
    yield Action("sign_out", partial(machine.sign_out, session))
    if session.privileged:
        yield Action("clear_log", partial(machine.clear_log, session))
        yield Action("set_clock", partial(machine.set_clock, step=_CLOCK_STEPS[0], by=session))
    for account in accounts:
        if account == session.account:
            continue
        if not session.is_remote:
            yield Action("uac_prompt", partial(machine.uac_prompt, session, account))
            yield Action("uac_prompt", partial(machine.uac_prompt, session, account, seconds=60.0))
        yield Action("run_as", partial(machine.run_as, session, account))
        yield Action("run_as", partial(machine.run_as, session, account, seconds=60.0))
        yield Action("run_as_netonly", partial(machine.run_as_netonly, session, account))
        give = partial(machine.explicit_credentials, session, account, "fs01", "cifs/fs01")
        yield Action("explicit_credentials", give)
