"""The text of a filter -> a tree of terms.

filter  = clause { "or" clause }
clause  = part { ["and"] part }
part    = ["not" | "-"] ( "(" filter ")" | term | text )
term    = field ":" value { "," value }
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from logonscope.errors import FilterError
from logonscope.filters.fields import FIELD_NAMES
from logonscope.filters.quotes import read_escapes
from logonscope.filters.terms import And, Node, Not, Or, Term, Text, Value

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<open>\()
  | (?P<close>\))
  | (?P<minus>-(?=[\w("]))
  | (?P<field>[A-Za-z]\w*):
  | (?P<quoted>"(?:[^"\\]|\\.)*")
  | (?P<unclosed>"[^\n]*$)
  | (?P<word>[^\s(),"]+)
  | (?P<comma>,)
    """,
    re.VERBOSE,
)
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|/(?:[^/\\]|\\.)+/|[^\s,()"]+')
_MOST_LEVELS = 50
_NAME_CHARACTERS = 40
"""So much of a wrong name is compared with the right ones."""
MOST_CHARACTERS = 20_000
"""The longest filter: about a thousand addresses."""
MOST_TERMS = 50
"""Each is a query of its own; the values of a term are one together."""

Kind = Literal["open", "close", "minus", "and", "or", "not", "term", "text"]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    start: int
    stop: int
    node: Node | None = None


def parse(text: str) -> Node:
    """Understand a filter.

    Args:
        text: What the user typed; empty means everything.

    Returns:
        The tree of its terms.

    Raises:
        FilterError: Where and why it cannot be understood. Values are checked when the filter is compiled.
    """
    if len(text) > MOST_CHARACTERS:
        raise too_long(len(text))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise FilterError("half a character cannot stand in a filter", error.start, error.end) from error
    tokens = _tokens(text)
    terms = [token for token in tokens if token.node]
    if len(terms) > MOST_TERMS:
        place = terms[MOST_TERMS]
        message = f"a filter has at most {MOST_TERMS} terms"
        raise FilterError(message, place.start, place.stop, "One term may have many values: field:one,two.")
    parser = _Parser(tokens, len(text))
    node = parser.either(0)
    if parser.peek() is not None:
        raise parser.error("this ) closes nothing")
    return node


def too_long(length: int) -> FilterError:
    """What is said of a filter that has too many characters."""
    message = f"a filter has at most {MOST_CHARACTERS:,} characters, and this text {length:,}"
    return FilterError(message, 0, 1, "Use a pattern or a network for many values.")


def clauses(text: str) -> tuple[str, ...]:
    """The parts of a filter that must all fit, each as it was typed; one in brackets where ``or`` joins the whole.

    Args:
        text: A filter that parses.
    """
    starts: list[int] = []
    depth = 0
    begins = True
    tokens = _tokens(text)
    stops = []
    for token in tokens:
        if token.kind == "or" and not depth:
            return (f"({text.strip()})",)
        if token.kind == "and" and not depth:
            continue
        if begins and not depth:
            starts.append(token.start)
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        begins = not depth and token.kind not in ("not", "minus")
        if begins:
            stops.append(token.stop)
    return tuple(text[start:stop] for start, stop in zip(starts, stops, strict=True))


class _Parser:
    def __init__(self, tokens: list[_Token], length: int) -> None:
        self._tokens = tokens
        self._next = 0
        self._length = length

    def peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def error(self, message: str, advice: str = "") -> FilterError:
        token = self.peek()
        start, stop = (token.start, token.stop) if token else (self._length, self._length)
        return FilterError(message, start, stop, advice)

    def _take(self, kind: Kind) -> bool:
        token = self.peek()
        if token and token.kind == kind:
            self._next += 1
            return True
        return False

    def either(self, level: int) -> Node:
        parts = [self._all(level)]
        while self._take("or"):
            parts.append(self._all(level))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, level: int) -> Node:
        parts: list[Node] = []
        while (token := self.peek()) and token.kind not in ("or", "close"):
            if token.kind == "and":
                self._next += 1
                if not parts or self.peek() is None:
                    raise self.error("and needs a term on both sides")
                continue
            parts.append(self._part(level))
        if not parts and (level or self._next or self.peek()):
            raise self.error("a term is missing here")
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _part(self, level: int) -> Node:
        if level > _MOST_LEVELS:
            raise self.error("too many levels of brackets")
        if self._take("not") or self._take("minus"):
            if self.peek() is None:
                raise self.error("not needs a term after it")
            return Not(self._part(level + 1))
        if self._take("open"):
            inner = self.either(level + 1)
            if not self._take("close"):
                raise self.error("a ) is missing")
            return inner
        token = self.peek()
        if token is None or token.node is None:
            raise self.error("a term is missing here")
        self._next += 1
        return token.node


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FilterError("this cannot stand here", position, position + 1)
        position = match.end()
        start, stop, kind = match.start(), match.end(), match.lastgroup
        if kind == "unclosed":
            raise FilterError("the closing quote is missing", start, stop)
        if kind == "comma":
            raise FilterError("a comma joins values of one field", start, stop, "Write field:one,two.")
        if kind == "field":
            node, position = _term(text, match)
            tokens.append(_Token("term", start, position, node))
        elif kind in ("open", "close", "minus"):
            tokens.append(_Token(kind, start, stop))  # type: ignore[arg-type]
        elif kind in ("word", "quoted"):
            tokens.append(_word(match))
    return tokens


def _word(match: re.Match[str]) -> _Token:
    start, stop, found = match.start(), match.end(), match[0]
    if match.lastgroup == "word" and found.lower() in ("and", "or", "not"):
        return _Token(found.lower(), start, stop)  # type: ignore[arg-type]
    return _Token("text", start, stop, Text(_value(found, start)))


def _term(text: str, match: re.Match[str]) -> tuple[Term, int]:
    typed = match["field"]
    field = FIELD_NAMES.get(typed.lower())
    if field is None:
        near = get_close_matches(typed.lower()[:_NAME_CHARACTERS], FIELD_NAMES, 1)
        advice = f"Did you mean {near[0]}:?" if near else 'To search for a text with a colon, put it in "quotes".'
        raise FilterError(f"there is no field {typed}:", match.start(), match.end(), advice)
    values: list[Value] = []
    position = match.end()
    while found := _VALUE.match(text, position):
        values.append(_value(found[0], found.start()))
        position = found.end()
        if text[position : position + 1] != ",":
            break
        position += 1
    if text[position : position + 1] == '"':
        raise FilterError("the closing quote is missing", position, len(text))
    if not values or text[position - 1 : position] == ",":
        raise FilterError(f"{typed}: needs a value", match.start(), position, f"For example {field.example}.")
    return Term(field.name, tuple(values), match.start(), position), position


def _value(found: str, start: int) -> Value:
    stop = start + len(found)
    if found[:1] == '"' and len(found) > 1:
        return Value(read_escapes(found[1:-1], start + 1, in_quotes=True), start, stop, quoted=True)
    return Value(read_escapes(found, start, in_quotes=False), start, stop)
