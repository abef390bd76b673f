"""Writes records in the text forms in which people get them; each function takes the records of one log.

A further form (JSON, .evt) needs a function, here or in a module beside, and its name in ``FORMS``.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from logonscope.demo.records import ClassicData, FieldType, FieldValue, Record, UserData, moment
from support.wordings import SAID, WORDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
_FAILURE = 0x0010000000000000
_SUCCESS = 0x0020000000000000
_TICKS = 10_000_000


def iso(time: int) -> str:
    """A time as Windows writes it into XML: seven digits."""
    return f"{moment(time):%Y-%m-%dT%H:%M:%S}.{time % _TICKS:07}Z"


def shown(kind: FieldType, value: FieldValue) -> str:
    """A field's value as text."""
    if value is None:
        return ""
    match kind:
        case FieldType.HEX_INT32 | FieldType.HEX_INT64 | FieldType.POINTER if isinstance(value, int):
            return f"0x{value:x}"
        case FieldType.GUID:
            return f"{{{str(value).lower()}}}"
        case FieldType.FILETIME if isinstance(value, int):
            return iso(value)
        case FieldType.BOOLEAN:
            return "true" if value else "false"
        case FieldType.BINARY if isinstance(value, bytes):
            return value.hex().upper()
    return str(value)


def named(record: Record) -> dict[str, str]:
    """All fields of a record as text."""
    fields = zip(record.kind.payload.fields, record.values, strict=True)
    return {field.name: shown(field.type, value) for field, value in fields if not isinstance(value, tuple)}


def event_element(record: Record, after: str = "") -> str:
    """``<Event ...>`` on one line, with single quotes, as EvtRender writes it."""
    kind, provider = record.kind, record.kind.provider
    guid = provider.guid and f" Guid='{{{provider.guid.strip('{}').lower()}}}'"
    source = provider.event_source and f" EventSourceName={_quoted(provider.event_source)}"
    qualifiers = f" Qualifiers='{kind.qualifiers}'" if kind.qualifiers is not None else ""
    activity = f" ActivityID='{{{record.activity_id.lower()}}}'" if record.activity_id else ""
    user = f" UserID='{record.user_sid}'" if record.user_sid else ""
    return (
        f"<Event xmlns='{NAMESPACE}'><System><Provider Name={_quoted(provider.name)}{guid or ''}{source or ''}/>"
        f"<EventID{qualifiers}>{kind.event_id}</EventID><Version>{kind.version}</Version><Level>{kind.level}</Level>"
        f"<Task>{kind.task}</Task><Opcode>{kind.opcode}</Opcode><Keywords>0x{kind.keywords:x}</Keywords>"
        f"<TimeCreated SystemTime='{iso(record.time)}'/><EventRecordID>{record.record_id}</EventRecordID>"
        f"<Correlation{activity}/><Execution ProcessID='{record.process_id}' ThreadID='{record.thread_id}'/>"
        f"<Channel>{escape(kind.channel)}</Channel><Computer>{escape(record.computer)}</Computer><Security{user}/>"
        f"</System>{_payload_element(record)}{after}</Event>"
    )


def _quoted(text: str) -> str:
    return "'" + quoteattr(text)[1:-1].replace("'", "&apos;") + "'"


def _payload_element(record: Record) -> str:
    payload = record.kind.payload
    if isinstance(payload, UserData):
        inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in named(record).items())
        return f"<UserData><{payload.root} xmlns='{payload.namespace}'>{inside}</{payload.root}></UserData>"
    if isinstance(payload, ClassicData):
        texts = "".join(f"<Data>{escape(text)}</Data>" for text in unnamed(record))
        binary = named(record).get("Binary")
        return f"<EventData>{texts}{f'<Binary>{binary}</Binary>' if binary else ''}</EventData>"
    inside = "".join(f"<Data Name='{name}'>{escape(value)}</Data>" for name, value in named(record).items())
    return f"<EventData>{inside}</EventData>" if inside else ""


def unnamed(record: Record) -> tuple[str, ...]:
    """The texts of a record of the old API."""
    data = record.fields.get("Data")
    return data if isinstance(data, tuple) else (str(data),) if data else ()


def event_viewer_xml(records: Sequence[Record], encoding: str = "utf-8-sig") -> bytes:
    """Event Viewer, "Save as XML": one line, with what it shows beside."""
    rendering = (
        "<RenderingInfo Culture='en-US'><Message>Something happened.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tS-1-0-0"
        "</Message><Level>Information</Level><Task>Logon</Task><Opcode>Info</Opcode><Channel>Security</Channel>"
        "<Provider>Microsoft Windows security auditing.</Provider><Keywords><Keyword>Audit Success</Keyword>"
        "</Keywords></RenderingInfo>"
    )
    events = "".join(event_element(record, rendering) for record in records)
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>{events}</Events>'.encode(encoding)


def wevtutil_fragments(records: Sequence[Record], between: str = "\r\n") -> bytes:
    """``wevtutil qe /f:xml``: events without a root."""
    return "".join(event_element(record) + between for record in records).encode()


def to_xml_lines(records: Sequence[Record]) -> bytes:
    """``Get-WinEvent | % { $_.ToXml() } > file`` of Windows PowerShell: UTF-16, one event a line."""
    return "".join(event_element(record) + "\r\n" for record in records).encode("utf-16")


def xml_view(records: Sequence[Record]) -> bytes:
    """The XML view of Event Viewer: indented, with marks for folding."""
    return "".join(_folded(event_element(record)) for record in records).encode()


def _folded(element: str) -> str:
    lines = element.replace("'", '"').replace("><", ">\r\n  <").replace("/>", " />")
    for name in ("Event ", "System>", "EventData>", "UserData>"):
        lines = lines.replace(f"  <{name}", f"- <{name}")
    return f"- {lines}\r\n"


def evtxecmd_csv(records: Sequence[Record]) -> bytes:
    """EvtxECmd ``--csv``."""
    names = _names(
        "RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,ChunkNumber,"
        "UserId,MapDescription,UserName,RemoteHost,PayloadData1,PayloadData2,PayloadData3,PayloadData4,PayloadData5,"
        "PayloadData6,ExecutableInfo,HiddenRecord,SourceFile,Keywords,ExtraDataOffset,Payload"
    )
    return _table(names, ",", [_evtxecmd_row(number, record) for number, record in enumerate(records, 1)], "utf-8-sig")


def _names(line: str) -> list[str]:
    return line.split(",")


def _evtxecmd_row(number: int, record: Record) -> dict[str, Any]:
    kind = record.kind
    return {
        "RecordNumber": number,
        "EventRecordId": record.record_id,
        "TimeCreated": iso(record.time).replace("T", " ").removesuffix("Z"),
        "EventId": kind.event_id,
        "Level": "LogAlways",
        "Provider": kind.provider.name,
        "Channel": kind.channel,
        "ProcessId": record.process_id,
        "ThreadId": record.thread_id,
        "Computer": record.computer,
        "UserId": record.user_sid or "",
        "HiddenRecord": "False",
        "SourceFile": r"C:\case\Security.evtx",
        "Keywords": audit_words(record).replace(" S", " s").replace(" F", " f") or "Classic",
        "ExtraDataOffset": 0,
        "Payload": json.dumps(_payload_json(record)),
    }


def _payload_json(record: Record) -> dict[str, Any]:
    payload = record.kind.payload
    if isinstance(payload, UserData):
        return {"UserData": {payload.root: {"@xmlns": payload.namespace, **named(record)} if payload.fields else ""}}
    if isinstance(payload, ClassicData):
        return {"EventData": {"Data": ", ".join(unnamed(record)), "Binary": named(record).get("Binary") or ""}}
    parts = [{"@Name": name} | ({"#text": value} if value else {}) for name, value in named(record).items()]
    return {"EventData": {"Data": parts if len(parts) > 1 else parts[0]}} if parts else {"EventData": None}


def export_csv(records: Sequence[Record], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """``Get-WinEvent | Export-Csv`` of Windows PowerShell, on a machine that keeps UTC."""
    names = _names(
        "Message,Id,Version,Qualifiers,Level,Task,Opcode,Keywords,RecordId,ProviderName,ProviderId,LogName,ProcessId,"
        "ThreadId,MachineName,UserId,TimeCreated,ActivityId,RelatedActivityId,ContainerLog,MatchedQueryIds,Bookmark,"
        "LevelDisplayName,OpcodeDisplayName,TaskDisplayName,KeywordsDisplayNames,Properties"
    )
    table = _table(names, delimiter, [_export_row(record) for record in records], "utf-8", csv.QUOTE_ALL)
    head = "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n"
    return (head + table.decode()).encode(encoding)


def _export_row(record: Record) -> dict[str, Any]:
    kind = record.kind
    return {
        "Message": message(record).replace("\n", "\r\n"),
        "Id": kind.event_id,
        "Version": kind.version,
        "Keywords": kind.keywords - (1 << 64) if kind.keywords >> 63 else kind.keywords,
        "RecordId": record.record_id,
        "ProviderName": kind.provider.name,
        "ProviderId": (kind.provider.guid or "").strip("{}").lower(),
        "LogName": kind.channel,
        "ProcessId": record.process_id,
        "ThreadId": record.thread_id,
        "MachineName": record.computer,
        "UserId": record.user_sid or "",
        "TimeCreated": local(record.time),
        "ActivityId": (record.activity_id or "").lower(),
        "Properties": "System.Collections.Generic.List`1[System.Diagnostics.Eventing.Reader.EventProperty]",
    }


def _table(
    names: Sequence[str],
    delimiter: str,
    rows: Sequence[dict[str, Any]],
    encoding: str,
    quoting: Any = csv.QUOTE_MINIMAL,
) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, "", delimiter=delimiter, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def local(time: int) -> str:
    """A time as the settings of the United States show it."""
    at = moment(time)
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S %p}"


def message(record: Record) -> str:
    """What Windows says of a record, in English."""
    wording = WORDINGS.get((record.kind.provider.name, record.kind.event_id), "Something happened.")
    return wording.format(**{name: SAID.get(value, value) for name, value in named(record).items()})


def audit_words(record: Record) -> str:
    """The audit result in words."""
    keywords = record.kind.keywords
    return "Audit Failure" if keywords & _FAILURE else "Audit Success" if keywords & _SUCCESS else ""


def copied(records: Sequence[Record], *, with_xml: bool = False) -> bytes:
    """Event Viewer, "Copy details as text", one event after the other."""
    return "\r\n".join(_copied(record, with_xml) for record in records).encode()


def _copied(record: Record, with_xml: bool) -> str:
    kind = record.kind
    text = (
        f"Log Name:      {kind.channel}\nSource:        {kind.provider.name}\nDate:          {local(record.time)}\n"
        f"Event ID:      {kind.event_id}\nTask Category: Logon\nLevel:         Information\n"
        f"Keywords:      {audit_words(record) or 'Classic'}\nUser:          {record.user_sid or 'N/A'}\n"
        f"Computer:      {record.computer}\nDescription:\n{message(record)}\n"
    )
    if with_xml:
        text += "Event Xml:\n" + event_element(record).replace("'", '"').replace("><", ">\n  <") + "\n"
    return text.replace("\n", "\r\n")


FORMS: dict[str, Callable[[Sequence[Record]], bytes]] = {
    "Event Viewer XML": event_viewer_xml,
    "wevtutil": wevtutil_fragments,
    "ToXml": to_xml_lines,
    "XML view": xml_view,
    "EvtxECmd CSV": evtxecmd_csv,
    "Export-Csv": export_csv,
    "copied": copied,
    "copied with XML": lambda records: copied(records, with_xml=True),
}
"""Each form of one log."""
