"""Every command that reads logs, with what else it needs."""

from __future__ import annotations

from corpus import CANARY

COMMANDS: dict[str, tuple[str, ...]] = {
    "boots": (), "browse": (), "card": (), "check": (), "coverage": (), "events": (), "findings": (), "first-seen": (),
    "machine": ("WS01",), "sessions": (), "source": ("203.0.113.7",), "triage": (), "user": (f"W{CANARY}",),
    "who": ("--at", "2026-03-02T09:00"), "export": (), "report": (), "users": (), "sources": (), "types": (),
}  # fmt: skip
WITHOUT_LOGS = {"cache", "columns", "completion", "config", "demo", "explain", "formats"}
IN_STEPS = {"fleet"}
"""Commands of several steps, with a test of their own."""
