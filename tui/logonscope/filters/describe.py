"""A filter read back as an English sentence."""

from __future__ import annotations

from logonscope.filters.fields import FIELD_NAMES
from logonscope.filters.groups import groups
from logonscope.filters.terms import And, Node, Not, Or, Term, Text
from logonscope.knowledge.logon_types import logon_type_text

_TIMES = ("within", "since", "until", "at")


def describe(node: Node) -> str:
    """Say what a filter shows: ``user alice, and not from 10.0.0.0/8``; ``everything`` for the empty one."""
    if node == And(()):
        return "everything"
    return _said(node)


def _said(node: Node) -> str:
    match node:
        case And(parts):
            return ", and ".join(_bracketed(part) for part in parts)
        case Or(parts):
            return " or ".join(_bracketed(part) for part in parts)
        case Not(part):
            return f"not {_bracketed(part)}"
        case Text(value):
            return f'with "{value.text}" in it'
        case Term():
            return _term(node)


def _bracketed(node: Node) -> str:
    said = _said(node)
    return f"({said})" if isinstance(node, And | Or) and len(node.parts) > 1 else said


def _term(term: Term) -> str:
    field = FIELD_NAMES[term.field]
    values = [_value(field.kind, value.text) for value in term.values]
    if field.kind == "group":
        return " or ".join(values)
    return f"{field.words} {' or '.join(values)}"


def _value(kind: str, text: str) -> str:
    if kind == "group":
        known = groups().get(text.casefold())
        return known.sentence if known else text
    if kind == "logon_type" and text.isdigit():
        return logon_type_text(int(text))
    if kind in _TIMES:
        text = "..".join(
            f"{part[1:]} before the end of the log" if part[:1] == "-" else part for part in text.split("..")
        )
    return text.replace("..", " to ")
