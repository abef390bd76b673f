"""The card of a user, a source or a machine, as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.facts.card_lines import card_parts
from logonscope.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.case.card import Card
    from logonscope.facts.card_lines import CardPart


def card_facts(card: Card, *, blocks: bool = True) -> tuple[Fact, ...]:
    """A card, sanitised.

    Args:
        card: The card.
        blocks: Draw the hours with block characters; in ASCII otherwise.
    """
    return tuple(fact for part in card_parts(card, blocks=blocks) for fact in _printed(part))


def _printed(part: CardPart) -> Iterator[Fact]:
    yield Fact(part.heading, heading=True)
    yield from (line.fact for line in part.lines[: part.printed])
    if len(part.lines) > part.printed:
        yield Fact(f"... and {len(part.lines) - part.printed:,} more")
