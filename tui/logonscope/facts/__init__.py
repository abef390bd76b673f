"""A row in full, line by line, for the detail pane and the lists over it: every value with what it means."""

from logonscope.facts.event import event_facts
from logonscope.facts.logon_type import logon_type_facts
from logonscope.facts.machine import boot_facts, coverage_facts
from logonscope.facts.session import session_facts

__all__ = ["boot_facts", "coverage_facts", "event_facts", "logon_type_facts", "session_facts"]
