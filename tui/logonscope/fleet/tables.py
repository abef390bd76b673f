"""The tables of a lake, by who writes them."""

from __future__ import annotations

TEXT_DIMS = (
    "provider", "channel", "computer", "source_ip", "workstation", "process", "logon_process", "object", "activity",
)  # fmt: skip
"""Dims of one text; those of ``normalise/dims.py``."""
DIM_KEYS = dict.fromkeys(TEXT_DIMS, ("text",)) | {"account": ("sid", "name", "domain", "kind")}
"""What a code of each dim stands for."""
EVENT_CODES = {name: name for name in TEXT_DIMS} | dict.fromkeys(("account", "target", "subject"), "account")
"""The coded columns of ``event``, with the dim of each."""
DIMS = tuple(f"dim_{name}" for name in DIM_KEYS)
APPENDED = (*DIMS, "source", "problem", "sign", "chunk_place", "name_span", "holding", "ingested")
"""Grow with each ingest. ``name_span`` tells which computer names are one machine, ``holding`` how many records of
each name a source has: neither is asked for by a reader of the lake."""
REPLACED = ("machine", "computer_machine", "person")
"""Written anew with each ingest."""
OF_BOOTS = ("full_session", "plain_session", "other_event", "absence")
OF_MACHINES = ("boot", "coverage", "unused")
REBUILT = (*OF_BOOTS, *OF_MACHINES)
"""What the rebuild of the sessions gives, by group of machines."""
INDEXED = ("mention", "mention_count_of_group")
"""Which events of a group name what. ``mention_count`` is that of all groups."""
TOLD = ("finding", "overview", "overview_of_group", "mention_count", "origin")
"""What is said of machines. ``overview_of_group`` is ``overview`` without what only all machines together show."""
TASK_RECORDS = 10_000_000
"""A group of machines with more records is cut at boots, and so many go to a task: they take 1.6 GB of memory."""
TABLES = ("event", *APPENDED, *REPLACED, *REBUILT, *INDEXED, *TOLD)
