"""Security identifiers as Windows keeps them in bytes (MS-DTYP 2.4.2.2)."""

from __future__ import annotations

import struct

SID_HEAD_BYTES = 8
"""Revision, how many parts follow, authority."""


def sid_size(raw: bytes) -> int:
    """How many bytes one takes, by its head."""
    return SID_HEAD_BYTES + 4 * raw[1]


def sid_text(raw: bytes) -> str:
    """``S-1-5-18``; empty for what is none, or is cut short."""
    if len(raw) < SID_HEAD_BYTES or len(raw) < sid_size(raw):
        return ""
    parts = struct.unpack_from(f"<{raw[1]}I", raw, SID_HEAD_BYTES)
    return "-".join(map(str, ("S", raw[0], int.from_bytes(raw[2:SID_HEAD_BYTES], "big"), *parts)))
