"""EventData text -> field values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.normalise.layouts import Layout

_ERRORS = (msgspec.DecodeError, RecursionError)
_NULL = b"null"


def decode_fields(layout: Layout, texts: Sequence[bytes]) -> list[Any]:
    """Decode the EventData of some records of one layout, one that has a decoder.

    Args:
        layout: How to read them.
        texts: JSON text per record, empty for none.

    Returns:
        One object per record with an attribute per column, None where the record fills it with nothing.
    """
    assert layout.decode is not None
    whole = [text or _NULL for text in texts] if b"" in texts else texts
    try:
        decoded = list(map(layout.decode, whole))
    except _ERRORS:
        decoded = [_decode_field_text(layout.decode, text) for text in whole]
    return [fields or layout.nothing for fields in decoded] if None in decoded else decoded


def _decode_field_text(decode: Callable[[bytes], Any], text: bytes) -> Any:
    try:
        return decode(text)
    except _ERRORS:
        return None


_SUBJECT_ID = b'"SubjectLogonId":"'
_SUBJECT_ID_LENGTH = len(_SUBJECT_ID)
Subject = tuple[Any, Any, Any, Any]
"""SID, name, domain and logon ID of a subject, as the record has them."""


def subject_texts(texts: Sequence[bytes]) -> list[bytes]:
    """The beginning of each EventData up to the subject's logon ID.

    It is the same in all records of one session and kind, so that it can be looked up instead of decoded.
    """
    return [text[: text.find(b'"', text.find(_SUBJECT_ID) + _SUBJECT_ID_LENGTH)] for text in texts]


def decode_subject(beginning: bytes) -> Subject | None:
    """The subject in what ``subject_texts`` cut out; None where it is not of the usual shape."""
    try:
        fields = msgspec.json.decode(beginning + b'"}')
        return (
            fields["SubjectUserSid"],
            fields["SubjectUserName"],
            fields["SubjectDomainName"],
            fields["SubjectLogonId"],
        )
    except (*_ERRORS, TypeError, KeyError):
        return None


def decode_whole_subject(text: bytes) -> Subject:
    """The subject in a whole EventData; parts that are missing are None."""
    try:
        fields = msgspec.json.decode(text)
    except _ERRORS:
        fields = None
    if not isinstance(fields, dict):
        return None, None, None, None
    names = ("SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId")
    sid, name, domain, logon_id = (fields.get(field) for field in names)
    return sid, name, domain, logon_id
