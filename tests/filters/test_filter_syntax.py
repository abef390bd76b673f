"""A filter text becomes the tree of its terms, or an error that points at the wrong characters."""

from __future__ import annotations

import pytest

from logonscope.errors import FilterError
from logonscope.filters.fields import FIELD_NAMES, FIELDS
from logonscope.filters.quotes import quoted, typeable
from logonscope.filters.syntax import MOST_CHARACTERS, MOST_TERMS, parse
from logonscope.filters.terms import EVERYTHING, And, Node, Not, Or, Term, Text, Value


def outline(node: Node) -> str:
    """A tree as one line: what belongs together, and the values of each term."""
    match node:
        case And(parts):
            return f"all({', '.join(map(outline, parts))})"
        case Or(parts):
            return f"any({', '.join(map(outline, parts))})"
        case Not(part):
            return f"not({outline(part)})"
        case Text(value):
            return repr(value.text)
        case Term(field, values):
            return f"{field}={'|'.join(value.text for value in values)}"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", "all()"),
        ("  \t ", "all()"),
        ("user:alice", "user=alice"),
        ("u:alice", "user=alice"),
        ("USER:Alice", "user=Alice"),
        ("user:alice,bob", "user=alice|bob"),
        ('user:"alice, the second",bob', "user=alice, the second|bob"),
        ("user:alice type:10", "all(user=alice, type=10)"),
        ("user:alice and type:10", "all(user=alice, type=10)"),
        ("user:alice AND type:10 Or event:1", "any(all(user=alice, type=10), event=1)"),
        ("a or b c or d", "any('a', all('b', 'c'), 'd')"),
        ("a (b or c)", "all('a', any('b', 'c'))"),
        ("((a))", "'a'"),
        ("-user:alice", "not(user=alice)"),
        ("not user:alice event:1", "all(not(user=alice), event=1)"),
        ("not (a or b)", "not(any('a', 'b'))"),
        ("-(a)", "not('a')"),
        ('-"a b"', "not('a b')"),
        ("not not a", "not(not('a'))"),
        ("a-b", "'a-b'"),
        ("since:-2h", "since=-2h"),
        ('"and"', "'and'"),
        ('"user:alice"', "'user:alice'"),
        (r'"a \"b\" c:\\d"', r"""'a "b" c:\\d'"""),
        ("10.0.0.9", "'10.0.0.9'"),
        ("machine:WS1.alder.example", "machine=WS1.alder.example"),
        ("ip:2001:db8::/32", "ip=2001:db8::/32"),
        ("user:CORP\\alice", "user=CORP\\alice"),
        ("user:/a b|c,d/", "user=/a b|c,d/"),
        ("user:/a\\/b/,c", "user=/a\\/b/|c"),
        ("dur:>2h", "dur=>2h"),
        ("is:person", "is=person"),
        ("名前 user:名前", "all('名前', user=名前)"),
        ("user:alice)", None),
    ],
)
def test_the_tree_of_a_text(text: str, tree: str | None) -> None:
    if tree is None:
        with pytest.raises(FilterError):
            parse(text)
    else:
        assert outline(parse(text)) == tree


def test_nothing_is_everything() -> None:
    assert parse("") == EVERYTHING


@pytest.mark.parametrize("name", FIELD_NAMES)
def test_every_name_of_a_field_is_its_canonical_name(name: str) -> None:
    term = parse(f"{name}:x")
    assert isinstance(term, Term)
    assert term.field == FIELD_NAMES[name].name
    assert name == name.lower()


def test_no_two_fields_share_a_name() -> None:
    assert sum(1 + len(field.aliases) for field in FIELDS) == len(FIELD_NAMES)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("user:alice type:10,rdp", ["user:alice", "alice", "type:10,rdp", "10", "rdp"]),
        ('  ip:"a \\" b" -to:x', ['ip:"a \\" b"', '"a \\" b"', "to:x", "x"]),
    ],
)
def test_terms_and_values_know_their_place_in_the_text(text: str, marked: list[str]) -> None:
    node = parse(text)
    assert isinstance(node, And)
    terms = [part.part if isinstance(part, Not) else part for part in node.parts]
    places: list[Term | Value] = []
    for term in terms:
        assert isinstance(term, Term)
        places += [term, *term.values]
    assert [text[place.start : place.stop] for place in places] == marked


@pytest.mark.parametrize(
    ("text", "wrong", "message", "advice"),
    [
        ("a usr:alice", "usr:", "there is no field usr:", "Did you mean user:?"),
        ("evnt:4624", "evnt:", "there is no field evnt:", "Did you mean event:?"),
        ("MACHIN:WS1", "MACHIN:", "there is no field MACHIN:", "Did you mean machine:?"),
        ("https://x", "https:", "there is no field https:", 'To search for a text with a colon, put it in "quotes".'),
        ("a user:", "user:", "user: needs a value", "For example user:alice."),
        ("type: 10", "type:", "type: needs a value", "For example type:10,rdp."),
        ("user:a, b", "user:a,", "user: needs a value", "For example user:alice."),
        ("user:a,(b)", "user:a,", "user: needs a value", "For example user:alice."),
        ('a "b c', '"b c', "the closing quote is missing", ""),
        ("a, b", ",", "a comma joins values of one field", "Write field:one,two."),
        ("(a or b", "", "a ) is missing", ""),
        ("a) b", ")", "this ) closes nothing", ""),
        ("()", ")", "a term is missing here", ""),
        ("or a", "or", "a term is missing here", ""),
        ("a or", "", "a term is missing here", ""),
        ("a or or b", "or", "a term is missing here", ""),
        ("not", "", "not needs a term after it", ""),
        ("a not or b", "or", "a term is missing here", ""),
        ("and a", "a", "and needs a term on both sides", ""),
        ("a and", "", "and needs a term on both sides", ""),
        ("(" * 60 + "a" + ")" * 60, "(", "too many levels of brackets", ""),
        ("not " * 60 + "a", "not", "too many levels of brackets", ""),
    ],
)
def test_an_error_marks_the_wrong_characters(text: str, wrong: str, message: str, advice: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    error = caught.value
    assert (error.message, error.advice) == (message, advice)
    assert text[error.start : error.stop] == wrong
    assert wrong or error.start == len(text)


def test_the_second_of_two_equal_words_is_marked() -> None:
    with pytest.raises(FilterError) as caught:
        parse("a or or b")
    assert (caught.value.start, caught.value.stop) == (5, 7)


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ("alice", "alice"),
        ("CORP\\alice", "CORP\\alice"),
        ("WS1$", "WS1$"),
        ("kim@example.org", "kim@example.org"),
        ("10.0.0.9", "10.0.0.9"),
        ("2001:db8::9", "2001:db8::9"),
        ("two words", '"two words"'),
        ("a,b", '"a,b"'),
        ("a*", '"a*"'),
        ('C:\\"x"', '"C:\\\\\\"x\\""'),
        ("/x/", '"/x/"'),
        ("or", '"or"'),
        ("", '""'),
    ],
)
def test_a_value_is_quoted_where_it_must_be(value: str, typed: str) -> None:
    assert quoted(value) == typed
    term = parse(f"user:{typed}")
    assert isinstance(term, Term)
    assert [found.text for found in term.values] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\u{1b}[31m"', "\x1b[31m"),
        (r"a\u{202E}b", "a\u202eb"),
        (r'"\\u{1b}"', r"\u{1b}"),
        (r"CORP\u1234", r"CORP\u1234"),
        (r'"CORP\u1234 b"', r"CORP\u1234 b"),
        (r'"C:\new\x41"', r"C:\new\x41"),
        (r"\u{}", r"\u{}"),
    ],
)
def test_characters_that_nobody_can_type_are_written_by_their_number(text: str, value: str) -> None:
    assert outline(parse(text)) == repr(value)


@pytest.mark.parametrize(("text", "wrong"), [(r'a "b\u{110000}"', r"\u{110000}"), (r"\u{d800}", r"\u{d800}")])
def test_a_number_that_is_no_character_is_marked(text: str, wrong: str) -> None:
    with pytest.raises(FilterError, match="there is no character") as caught:
        parse(text)
    assert text[caught.value.start : caught.value.stop] == wrong


@pytest.mark.parametrize(
    ("value", "typed"), [("\x1b[31m", r'"\u{1b}[31m"'), ("a\\\n", r'"a\\\u{a}"'), ("\u3164", r'"\u{3164}"')]
)
def test_a_quoted_value_can_be_drawn(value: str, typed: str) -> None:
    assert quoted(value) == typed == typeable(typed)
    assert outline(parse(typed)) == repr(value)


def test_a_filter_beyond_the_longest_is_refused_before_it_is_read() -> None:
    assert outline(parse("a" * MOST_CHARACTERS))
    with pytest.raises(FilterError, match="at most 20,000 characters, and this text 1,000,000"):
        parse("x:" * 500_000)


def test_half_a_character_is_marked() -> None:
    with pytest.raises(FilterError, match="half a character") as caught:
        parse("ab\ud800c")
    assert (caught.value.start, caught.value.stop) == (2, 3)


def test_more_terms_than_can_be_asked_are_marked() -> None:
    most = " ".join(["a"] * MOST_TERMS)
    assert parse(most)
    with pytest.raises(FilterError, match="at most 50 terms") as caught:
        parse(f"{most} user:b")
    assert caught.value.start == len(most) + 1
