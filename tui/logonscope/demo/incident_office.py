"""The ordinary week of the bundled incident: office days, Remote Desktop users, the file server's traffic."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from logonscope.demo.incident_cast import (
    ADMINISTRATOR,
    ANNA,
    BACKUP,
    DATABASE,
    FRIDAY,
    GATEWAY_IP,
    JONAS,
    LOG_END,
    MACHINE_ACCOUNTS,
    MONDAY,
    OFFICE_DAYS,
    OFFICE_PCS,
    REMOTE_WORKERS,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    clock,
)
from logonscope.demo.logon_records import INTERACTIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.demo.incident_cast import Network
    from logonscope.demo.live import LiveSession
    from logonscope.demo.simulator import Machine
    from logonscope.demo.stage import Actor
    from logonscope.demo.truth import Account

INTERRUPTION_DAYS = (WEDNESDAY, THURSDAY)
"""The days on which the gateway drops everybody at each full hour."""
INTERRUPTION_HOURS = range(9, 17)
CRASH_AT = clock(WEDNESDAY, 15, 17, 42.3)
"""When the workstation stops under its user."""
_CLOCK_ERROR = timedelta(seconds=73)
_DROPPED_AFTER, _BACK_AFTER = 5.0, 215.0


def office(network: Network) -> Iterator[Actor]:
    """Everybody and everything of the ordinary week."""
    yield _servers_start(network)
    yield _workstation_week(network)
    for account, laptop in REMOTE_WORKERS:
        yield _remote_week(network, account, laptop)
    for account, computer, address in OFFICE_PCS:
        yield _file_use(network.file_server, account, computer, address)
    for account, address in MACHINE_ACCOUNTS:
        yield _machine_contacts(network.file_server, account, address)
    for server in (network.terminal_server, network.file_server):
        yield _services(server)
        yield _anonymous_noise(server)
    yield _nightly_backup(network)


def _servers_start(network: Network) -> Actor:
    yield clock(MONDAY, 1, 30)
    network.file_server.boot(clock(MONDAY, 1, 30))
    yield clock(MONDAY, 1, 32)
    network.file_server.service_logon(DATABASE, clock(MONDAY, 1, 32))
    yield clock(MONDAY, 1, 50)
    network.terminal_server.boot(clock(MONDAY, 1, 50))


def _workstation_week(network: Network) -> Actor:
    yield from _monday(network)
    yield from _tuesday(network)
    yield from _wednesday(network)
    yield from _thursday(network)
    yield from _friday_and_saturday(network)


def _monday(network: Network) -> Actor:
    """A plain day: one session, a lunch, a sign-out, a shutdown."""
    workstation = network.workstation
    yield (now := clock(MONDAY, 7, 48, 11.7))
    workstation.boot(now)
    yield (now := clock(MONDAY, 7, 55, 3.4))
    session = _sign_in(network, ANNA, now)
    yield from _pause(workstation, session, clock(MONDAY, 12, 4, 31.2), minutes=44)
    yield from _pause(workstation, session, clock(MONDAY, 15, 10, 2.9), minutes=9)
    yield (now := clock(MONDAY, 17, 10, 26.1))
    workstation.sign_out(session, now)
    yield (now := clock(MONDAY, 17, 20))
    workstation.shutdown(now)


def _tuesday(network: Network) -> Actor:
    """An administrator's password in a UAC prompt, and later that administrator at the console."""
    workstation = network.workstation
    yield (now := clock(TUESDAY, 7, 51, 40.2))
    workstation.boot(now)
    yield (now := clock(TUESDAY, 7, 58, 12.8))
    session = _sign_in(network, ANNA, now)
    yield (now := clock(TUESDAY, 10, 20, 41.5))
    workstation.uac_prompt(session, JONAS, now, seconds=12 * 60)
    yield from _pause(workstation, session, clock(TUESDAY, 12, 1, 8.6), minutes=51)
    yield (now := clock(TUESDAY, 16, 54, 37.0))
    workstation.sign_out(session, now)
    yield (now := clock(TUESDAY, 17, 5, 13.9))
    session = _sign_in(network, JONAS, now)
    yield (now := clock(TUESDAY, 17, 12, 5.5))
    workstation.run_as(session, ADMINISTRATOR, now, seconds=300)
    yield (now := clock(TUESDAY, 17, 41, 19.3))
    workstation.shutdown(now, session)


def _wednesday(network: Network) -> Actor:
    """The crash in the afternoon."""
    workstation = network.workstation
    yield (now := clock(WEDNESDAY, 7, 49, 2.2))
    workstation.boot(now)
    yield (now := clock(WEDNESDAY, 7, 54, 47.1))
    session = _sign_in(network, ANNA, now)
    yield from _pause(workstation, session, clock(WEDNESDAY, 12, 6, 54.4), minutes=47)
    yield CRASH_AT
    workstation.crash(CRASH_AT, lost_seconds=4)
    yield (now := clock(WEDNESDAY, 15, 24, 9.8))
    workstation.boot(now)
    yield (now := clock(WEDNESDAY, 15, 27, 31.6))
    session = _sign_in(network, ANNA, now)
    yield (now := clock(WEDNESDAY, 17, 30, 12.4))
    workstation.sign_out(session, now)
    yield (now := clock(WEDNESDAY, 17, 36))
    workstation.shutdown(now)


def _thursday(network: Network) -> Actor:
    """The administrator in the morning, who sets the clock; in the evening a shutdown under the user."""
    workstation = network.workstation
    yield (now := clock(THURSDAY, 7, 58, 50.7))
    workstation.boot(now)
    yield (now := clock(THURSDAY, 8, 10, 22.5))
    session = _sign_in(network, JONAS, now)
    yield from _pause(workstation, session, clock(THURSDAY, 10, 2, 13.3), minutes=15)
    yield (now := clock(THURSDAY, 11, 14, 6.6))
    workstation.set_clock(now, _CLOCK_ERROR, session)
    yield (now := clock(THURSDAY, 12, 30, 44.9))
    workstation.sign_out(session, now)
    yield (now := clock(THURSDAY, 13, 2, 9.1))
    _sign_in(network, ANNA, now)
    yield (now := clock(THURSDAY, 17, 22, 30.8))
    workstation.shutdown(now, sign_out=False)


def _friday_and_saturday(network: Network) -> Actor:
    """A mistyped password, the clock put right, a sleeping machine, and a fast startup on Saturday."""
    workstation = network.workstation
    yield (now := clock(FRIDAY, 7, 50, 33.3))
    workstation.boot(now)
    for seconds in (0, 4.8):
        yield (now := clock(FRIDAY, 7, 57, 10.2 + seconds))
        workstation.failed_logon(
            ANNA.name, ANNA.domain, now, source_ip="127.0.0.1", workstation="WS01", logon_type=INTERACTIVE
        )
    yield (now := clock(FRIDAY, 7, 57, 22.6))
    session = _sign_in(network, ANNA, now)
    yield (now := clock(FRIDAY, 9, 30))
    workstation.set_clock(now, -_CLOCK_ERROR)
    yield (now := clock(FRIDAY, 12, 3, 16.4))
    workstation.lock(session, now)
    yield (now := clock(FRIDAY, 12, 8))
    workstation.sleep(now)
    yield (now := clock(FRIDAY, 12, 49, 51.9))
    workstation.resume(now)
    yield (now := clock(FRIDAY, 12, 50, 7.7))
    workstation.unlock(session, now)
    yield (now := clock(FRIDAY, 16, 2, 40.1))
    workstation.fast_shutdown(now, session)
    yield (now := clock(SATURDAY, 10, 3, 28.0))
    workstation.fast_startup(now)
    yield (now := clock(SATURDAY, 10, 5, 51.2))
    session = workstation.console_logon(ANNA, now, cached=True)
    yield from _pause(workstation, session, clock(SATURDAY, 10, 21, 5.0), minutes=6)
    yield (now := clock(SATURDAY, 10, 52, 18.8))
    workstation.shutdown(now, session)


def _sign_in(network: Network, account: Account, at: datetime) -> LiveSession:
    """A console logon for which the domain controller issues tickets."""
    address = OFFICE_PCS[0][2]
    network.file_server.kerberos_tickets(account, address, "WS01$", at)
    return network.workstation.console_logon(account, at)


def _pause(machine: Machine, session: LiveSession, at: datetime, minutes: float) -> Actor:
    yield at
    machine.lock(session, at)
    yield (back := at + timedelta(minutes=minutes, seconds=13.1))
    machine.unlock(session, back)


def _remote_week(network: Network, account: Account, laptop: str) -> Actor:
    """Office days on the terminal server, through the gateway."""
    random = Random(account.name)
    server = network.terminal_server
    for day in OFFICE_DAYS:
        arrival = clock(day, 7, 35) + timedelta(minutes=random.uniform(0, 55))
        yield arrival
        if day == TUESDAY and account.name == "tom.lang":
            server.rdp_refused(account.name, account.domain, GATEWAY_IP, laptop, arrival)
            yield (arrival := arrival + timedelta(seconds=11.4))
        network.file_server.credential_validation(account.name, laptop, arrival)
        session = server.rdp_logon(account, GATEWAY_IP, laptop, arrival)
        for left, back in _absences(day, random):
            yield left
            server.rdp_disconnect(session, left, chosen=back - left > timedelta(minutes=10))
            yield back
            network.file_server.credential_validation(account.name, laptop, back)
            server.rdp_reconnect(session, GATEWAY_IP, laptop, back)
        yield (leaving := clock(day, 17, 5) + timedelta(minutes=random.uniform(0, 40)))
        if day == THURSDAY and account.name == "paul.stein":
            server.rdp_disconnect(session, leaving)
            yield (leaving := leaving + timedelta(hours=4))
            server.end_session(session, leaving)
        else:
            server.sign_out(session, leaving)


def _absences(day: datetime, random: Random) -> list[tuple[datetime, datetime]]:
    """Times at which a Remote Desktop user is not connected: lunch, or the gateway's interruptions."""
    if day not in INTERRUPTION_DAYS:
        lunch = clock(day, 12, 2) + timedelta(minutes=random.uniform(0, 20))
        return [(lunch, lunch + timedelta(minutes=random.uniform(25, 50)))]
    return [
        (
            clock(day, hour, 0, _DROPPED_AFTER + random.uniform(0, 4)),
            clock(day, hour, 0, _BACK_AFTER + random.uniform(-20, 25)),
        )
        for hour in INTERRUPTION_HOURS
    ]


def _file_use(server: Machine, account: Account, computer: str, address: str) -> Actor:
    """A user's computer opens and closes the shares all day (LOGON.md example 16)."""
    random = Random(computer)
    for day in OFFICE_DAYS:
        yield (now := clock(day, 7, 40) + timedelta(minutes=random.uniform(0, 40)))
        server.kerberos_tickets(account, address, "DC01$", now)
        while now < clock(day, 17, 15):
            server.network_logon(account, address, computer, now, seconds=random.uniform(0.2, 900))
            yield (now := now + timedelta(minutes=random.uniform(3, 22)))


def _machine_contacts(server: Machine, account: Account, address: str) -> Actor:
    """A computer fetches its policies."""
    random = Random(account.name)
    now = clock(MONDAY, 1, 40) + timedelta(minutes=random.uniform(0, 60))
    while now < LOG_END:
        yield now
        server.kerberos_tickets(account, address, "DC01$", now)
        for _ in range(3):
            server.network_logon(account, address, account.name, now, seconds=random.uniform(0.1, 30))
        now += timedelta(minutes=random.uniform(80, 125))


def _services(server: Machine) -> Actor:
    """Windows starts services of its own."""
    random = Random(server.setup.name)
    now = clock(MONDAY, 2, 5)
    while now < LOG_END:
        yield now
        server.system_service(now)
        now += timedelta(minutes=random.uniform(12, 40))


def _anonymous_noise(server: Machine) -> Actor:
    random = Random(f"{server.setup.name} anonymous")
    now = clock(MONDAY, 2, 10)
    while now < LOG_END:
        yield now
        _, computer, address = random.choice(OFFICE_PCS)
        server.anonymous_logon(random.choice((address, "-")), computer, now, seconds=random.uniform(8, 15))
        now += timedelta(minutes=random.uniform(15, 50))


def _nightly_backup(network: Network) -> Actor:
    day = MONDAY
    while day < SATURDAY + timedelta(days=1):
        for server in (network.terminal_server, network.file_server):
            yield (now := clock(day, 23, 30, 1.2))
            server.batch_logon(BACKUP, now, seconds=25 * 60)
        day += timedelta(days=1)
