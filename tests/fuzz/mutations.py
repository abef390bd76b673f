"""Damage: functions from a file to one that somebody, or something, has been at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Mutation = Callable[[bytearray, Random], None]

_CHUNK, _HEADER = 65536, 4096
_SECTOR = 512
_LENGTHS = (0, 1, 7, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_TOKENS = (
    b"\0", b"\xff", b"**\0\0", b"ElfChnk\0", b"ElfFile\0", b"LfLe", b"<Event>", b"</Event>", b"<![CDATA[",
    b"<!DOCTYPE a [", b"&lt;&#x1b;&amp;", b'"', b"'", b"{", b"}", b"[" * 50, b"null", b"1e999", b"-9223372036854775809",
    b"\\u0000", b"\\ud800", b",", b"\r\n", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"Event ID:", b"EventRecordID",
    b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59.9999999Z", b"18446744073709551616", b"%%1833", b"\x1b]0;x\x07",
)  # fmt: skip


def flip_bits(log: bytearray, random: Random) -> None:
    """One to eight bits anywhere."""
    for _ in range(random.randint(1, 8)):
        log[random.randrange(len(log))] ^= 1 << random.randrange(8)


def cut_at_sector(log: bytearray, random: Random) -> None:
    """The end is missing from a multiple of 512 bytes on."""
    del log[random.randrange(0, len(log), _SECTOR) :]


def cut_anywhere(log: bytearray, random: Random) -> None:
    """The end is missing."""
    del log[random.randrange(len(log)) :]


def swap_chunks(log: bytearray, random: Random) -> None:
    """Two stretches of the size of a chunk, or of what there is, change places."""
    size = min(_CHUNK, max(1, (len(log) - _HEADER) // 2))
    places = range(_HEADER, max(_HEADER + 1, len(log) - size), size)
    one, other = random.choice(places), random.choice(places)
    log[one : one + size], log[other : other + size] = log[other : other + size], log[one : one + size]


def wrong_length(log: bytearray, random: Random) -> None:
    """A number of four bytes is 0, the greatest, or near one of them."""
    place = random.randrange(len(log)) & ~3
    log[place : place + 4] = random.choice(_LENGTHS).to_bytes(4, "little")


def cyclic_offset(log: bytearray, random: Random) -> None:
    """Some numbers of a chunk point to the place where they are, or shortly before it."""
    for _ in range(random.randint(1, 6)):
        place = random.randrange(len(log)) & ~3
        inside = max(0, (place - _HEADER) % _CHUNK - random.choice((0, 4, 8, 24, 64)))
        log[place : place + 4] = inside.to_bytes(4, "little")


def zeros(log: bytearray, random: Random) -> None:
    """A stretch was never written."""
    place, size = _stretch(log, random)
    log[place : place + size] = bytes(size)


def noise(log: bytearray, random: Random) -> None:
    """A stretch is of another file."""
    place, size = _stretch(log, random)
    log[place : place + size] = random.randbytes(size)


def double(log: bytearray, random: Random) -> None:
    """A stretch is there twice."""
    place, size = _stretch(log, random)
    log[place:place] = log[place : place + size]


def take_out(log: bytearray, random: Random) -> None:
    """A stretch is missing."""
    place, size = _stretch(log, random)
    del log[place : place + size]


def put_in(log: bytearray, random: Random) -> None:
    """Something that means something stands where it does not belong."""
    place = random.randrange(len(log) + 1)
    log[place:place] = random.choice(_TOKENS) * random.choice((1, 1, 1, 2, 300))


def write_over(log: bytearray, random: Random) -> None:
    """Something that means something stands in place of what was there."""
    token = random.choice(_TOKENS)
    place = random.randrange(len(log))
    log[place : place + len(token)] = token


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits, cut_at_sector, cut_anywhere, swap_chunks, wrong_length, cyclic_offset, zeros, noise, double, take_out,
    put_in, write_over,
)  # fmt: skip


def mutated(log: bytes, random: Random) -> bytes:
    """A file after one to four of these."""
    image = bytearray(log)
    for mutation in random.choices(MUTATIONS, k=random.randint(1, 4)):
        if image:
            mutation(image, random)
    return bytes(image)


def _stretch(log: bytearray, random: Random) -> tuple[int, int]:
    place = random.randrange(len(log))
    return place, min(len(log) - place, random.choice((1, 4, 28, 512, 4096, 65536)))
