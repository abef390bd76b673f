"""A simulated Windows machine that writes what Windows would write, and knows the true sessions."""

from __future__ import annotations

from logonscope.demo.contacts import Contacts
from logonscope.demo.domain_controller import DomainController
from logonscope.demo.identities import Identities
from logonscope.demo.log_keeping import LogKeeping
from logonscope.demo.power import Power
from logonscope.demo.presence import Presence
from logonscope.demo.refusals import Refusals
from logonscope.demo.remote_desktop import RemoteDesktop


class Machine(Power, Presence, Identities, RemoteDesktop, Contacts, Refusals, DomainController, LogKeeping):
    """A machine that lives through time.

    It begins switched off. Each method is something that happens, at a real time that nobody sets; the
    records carry the time of the machine's own clock. `files` gives its logs, `truth` its sessions.

    Args:
        setup: What kind of machine it is, and what it records.
    """
