"""What a search inside a list means: the language of the filters, but words are looked for in what the list says.

A filter's word is searched in the whole record; a search also knows the words that are only on the screen (``crash``,
``10 RDP``, ``was refused``) and, among sessions, looks at the session itself rather than at its records.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from logonscope.display import sanitise
from logonscope.filters.compile import compile_filter
from logonscope.filters.conditions import text_condition
from logonscope.filters.match import equal_to, holding
from logonscope.filters.sql import Sql, all_of, among, any_of, negated
from logonscope.filters.terms import And, Node, Not, Or, Text
from logonscope.knowledge.catalogue import event_kinds
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.logon_types import logon_type_text, logon_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logonscope.filters.compile import Target
    from logonscope.filters.lookup import Lookup

_FIELD = re.compile(r"\{[^}]*\}|[\[\]]")
_TIME = re.compile(r"[\d: -]*[:-][\d: -]*")
_HEX = re.compile(r"0x[0-9a-f]{1,16}")
_STAMP = "'%Y-%m-%d %H:%M:%S'"


def search_condition(node: Node, target: Target, lookup: Lookup) -> Sql:
    """Compile a search.

    Args:
        node: What is searched for.
        target: Events or sessions.
        lookup: The case's texts and names.

    Raises:
        FilterError: A value makes no sense for its field.
    """
    match node:
        case And(parts):
            return all_of(search_condition(part, target, lookup) for part in parts)
        case Or(parts):
            return any_of(search_condition(part, target, lookup) for part in parts)
        case Not(part):
            return negated(search_condition(part, target, lookup))
        case Text(value) if target == "session":
            return any_of(_in_session(value.text.casefold(), lookup))
        case Text(value) if target == "event":
            event = text_condition(value, lookup).event
            return any_of([*([event] if event else []), *_in_event(value.text.casefold(), lookup)])
    return compile_filter(node, target, lookup)


def needles(node: Node) -> tuple[str, ...]:
    """The words that are searched for, to be marked where they are drawn."""
    match node:
        case And(parts) | Or(parts):
            return tuple(word for part in parts for word in needles(part))
        case Text(value):
            return (value.text,)
    return ()


def drawn_positions(node: Node, texts: Sequence[str], of_term: Callable[[Node], Iterable[int]]) -> set[int]:
    """Where the rows stand that a search finds in a short list, by what is drawn of them.

    Args:
        node: What is searched for.
        texts: The rows as they are drawn.
        of_term: Gives the positions of the rows that a term with a field fits.
    """
    match node:
        case And(parts):
            found = [drawn_positions(part, texts, of_term) for part in parts]
            return set(range(len(texts))).intersection(*found)
        case Or(parts):
            return set().union(*(drawn_positions(part, texts, of_term) for part in parts))
        case Not(part):
            return set(range(len(texts))) - drawn_positions(part, texts, of_term)
        case Text(value):
            needle = sanitise(value.text).casefold()
            return {position for position, text in enumerate(texts) if needle in text.casefold()}
    return set(of_term(node))


def _in_event(needle: str, lookup: Lookup) -> list[Sql]:
    by_provider: dict[str, list[int]] = defaultdict(list)
    for kind in event_kinds().values():
        if needle in _FIELD.sub("", kind.words).casefold():
            by_provider[kind.provider].append(kind.id)
    known = [
        all_of([among("e.provider", lookup.codes("provider", equal_to(provider))), among("e.event_id", kinds)])
        for provider, kinds in by_provider.items()
    ]
    numbers = []
    if needle.isascii() and needle.isdigit() and len(needle) < 10:
        numbers = [Sql("e.event_id = ?::INTEGER", (int(needle),)), Sql("e.record_id = ?::UBIGINT", (int(needle),))]
    elif _HEX.fullmatch(needle):
        numbers = [Sql("e.logon_id = ?::UBIGINT", (int(needle, 16),))]
    accounts = _accounts(needle, lookup)
    shown = [among(f"e.{column}", accounts) for column in ("target", "subject", "account")]
    return [*known, *numbers, *shown, _of_type("e", needle), *_at("e.time", needle)]


def _in_session(needle: str, lookup: Lookup) -> list[Sql]:
    machines = [number for number, name in lookup.machine_names.items() if needle in name.casefold()]
    ends = [kind.evidence for kind in end_kinds().values() if needle in kind.shown.casefold()]
    texts = [among(f"s.{column}", lookup.codes(column, holding(needle))) for column in ("source_ip", "workstation")]
    return [
        among("s.account", _accounts(needle, lookup)),
        among("s.machine", machines),
        *texts,
        _of_type("s", needle),
        Sql("s.end_evidence IN (SELECT unnest(?::VARCHAR[]))", (ends,)),
        Sql("contains(lower(s.key), ?)", (needle,)),
        Sql("contains(s.role, ?)", (needle,)),
        Sql("contains(s.class::VARCHAR, ?)", (needle,)),
        *_at("s.start_latest", needle),
        *_at("s.end_time", needle),
    ]


def _accounts(needle: str, lookup: Lookup) -> list[int]:
    """Accounts by SID or name as they are drawn: escapes in the place of characters that cannot be."""
    return [
        code
        for code, (sid, name, domain) in enumerate(lookup.accounts)
        if code and any(needle in sanitise(part).casefold() for part in (sid, f"{domain}\\{name}"))
    ]


def _of_type(alias: str, needle: str) -> Sql:
    numbers = [number for number in logon_types() if needle in (logon_type_text(number) or "").casefold()]
    return among(f"{alias}.logon_type", numbers, "UTINYINT")


def _at(column: str, needle: str) -> list[Sql]:
    """A part of a time, as it is drawn."""
    if len(needle) < 3 or not _TIME.fullmatch(needle):
        return []
    return [Sql(f"contains(strftime({column}, {_STAMP}), ?)", (needle,))]
