"""Facts as lines of text: headings, sentences, and names with their values."""

from __future__ import annotations

import json
from textwrap import wrap
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.model import Fact

_LEAST_WIDTH = 40


def fact_line(fact: Fact) -> str:
    """A fact in one line, however long."""
    text = f"{fact.name}: {fact.text}" if fact.name else fact.text
    return f"{text} ({fact.meaning})" if fact.meaning else text


def write_facts_jsonl(facts: Iterable[Fact], out: TextIO) -> None:
    """Write facts for machines, one object each, in ASCII.

    Args:
        facts: What to write.
        out: Where to write.
    """
    for fact in facts:
        kind = "heading" if fact.heading else "fact"
        record = {"kind": kind, "name": fact.name or None, "text": fact.text, "meaning": fact.meaning or None}
        out.write(json.dumps(record) + "\n")


def write_facts(facts: Iterable[Fact], out: TextIO, width: int) -> None:
    """Write facts for people.

    Args:
        facts: What to write; sanitised, as all facts are.
        out: Where to write.
        width: Characters to a line.
    """
    first = True
    for fact in facts:
        if fact.heading:
            out.write(f"{'' if first else chr(10)}{fact.text}\n")
        else:
            for line in wrap(
                fact_line(fact), max(_LEAST_WIDTH, width - 2), subsequent_indent="  ", break_on_hyphens=False
            ):
                out.write(f"  {line}\n")
        first = False
