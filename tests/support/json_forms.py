"""Records of the Rust parser, written as other tools write events in JSON."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from evtx import PyEvtxParser

from logonscope.readers.stamps import utc_stamp
from support.wordings import WORDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Event = dict[str, Any]
SUCCESS, FAILURE = 0x0020_0000_0000_0000, 0x0010_0000_0000_0000


def parsed(path: Path) -> list[Event]:
    """The records of a log, each with the time of its header as ``stamp``."""
    records: Any = PyEvtxParser(str(path)).records_json()
    return [json.loads(record["data"])["Event"] | {"stamp": stamp(record["timestamp"])} for record in records]


def stamp(timestamp: str) -> str:
    """With all seven digits of a second."""
    found = utc_stamp(timestamp.removesuffix(" UTC"))
    assert found
    return found[1].removesuffix(" UTC")


class Parts:
    """A record's parts by name."""

    def __init__(self, event: Event) -> None:
        system = event["System"]
        self.system = system
        self.stamp: str = event["stamp"]
        self.time = datetime.fromisoformat(self.stamp[:26] + "+00:00")
        self.provider = system["Provider"]["#attributes"]
        self.event_id = system["EventID"]["#text"] if isinstance(system["EventID"], dict) else system["EventID"]
        self.record_id: int = system["EventRecordID"]
        self.activity = attributes(system.get("Correlation")).get("ActivityID")
        self.execution = attributes(system.get("Execution"))
        self.channel, self.computer = system["Channel"], system["Computer"]
        self.keywords = int(system["Keywords"], 16)
        self.data, self.user_data = event.get("EventData"), event.get("UserData")

    @property
    def result(self) -> str:
        return "failure" if self.keywords & FAILURE else "success" if self.keywords & SUCCESS else "unknown"

    @property
    def inside(self) -> Event:
        """The fields, whether of EventData or of UserData, texts without names under ``Data``."""
        found = self.data
        if found is None and self.user_data:
            found = next(value for name, value in self.user_data.items() if name[:1] != "#")
        return {
            name: value["#text"] if isinstance(value, dict) and "#text" in value else value
            for name, value in (found or {}).items()
            if name != "#attributes"
        }


def attributes(element: Any) -> Event:
    found = element.get("#attributes", {}) if isinstance(element, dict) else {}
    return dict(found)


def as_text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def evtx_dump(event: Event) -> Event:
    return {"Event": {name: value for name, value in event.items() if name != "stamp"}}


def chainsaw(event: Event) -> Event:
    """``evtx_dump --separate-json-attributes``."""
    return {"Event": separated({name: value for name, value in event.items() if name != "stamp"})}


def separated(element: Event) -> Event:
    found: Event = {}
    for name, value in element.items():
        if name == "#attributes":
            continue
        if isinstance(value, dict) and "#attributes" in value:
            found[f"{name}_attributes"] = value["#attributes"]
        if isinstance(value, dict) and "#text" in value:
            found[name] = value["#text"]
        elif isinstance(value, dict):
            found[name] = separated(value) or None
        else:
            found[name] = value
    return found


def xmltodict(event: Event) -> Event:
    """XML through Python's xmltodict or .NET's JSON converter."""
    parts = Parts(event)
    system: Event = {"@xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"}
    for name, value in parts.system.items():
        inner = {f"@{key}": as_text(each) for key, each in attributes(value).items()}
        if isinstance(value, dict):
            text = {"#text": as_text(value["#text"])} if "#text" in value else {}
            system[name] = inner | text
        else:
            system[name] = value and as_text(value)
    system["TimeCreated"] = {"@SystemTime": f"{parts.stamp.removesuffix('Z')}00Z"}
    if parts.data is None and parts.user_data:
        ((element, _),) = parts.user_data.items()
        return {"Event": {"System": system, "UserData": {element: {"@xmlns": "x"} | texts(parts.inside)}}}
    return {"Event": {"System": system, "EventData": data_elements(parts.inside) or None}}


def texts(fields: Event) -> Event:
    return {name: as_text(value) for name, value in fields.items()}


def data_elements(fields: Event) -> Event:
    """``Data`` elements of XML, one that is alone without a list, as such converters do."""
    named = [{"@Name": name, "#text": as_text(v)} for name, v in fields.items() if name not in ("Data", "Binary")]
    unnamed = fields.get("Data")
    several = named + (unnamed if isinstance(unnamed, list) else [] if unnamed is None else [unnamed])
    found = {"Data": several if len(several) > 1 else several[0]} if several else {}
    return found | ({"Binary": fields["Binary"]} if fields.get("Binary") else {})


def velociraptor(event: Event) -> Event:
    parts = Parts(event)
    system = {name: value for name, value in parts.system.items() if not isinstance(value, dict)}
    system |= {
        "Provider": parts.provider,
        "EventID": {"Value": parts.event_id},
        "Keywords": parts.keywords,
        "TimeCreated": {"SystemTime": parts.time.timestamp()},
        "Correlation": {"ActivityID": parts.activity} if parts.activity else {},
        "Execution": parts.execution,
        "Security": {},
    }
    body = {"EventData": parts.inside} if parts.user_data is None else {"UserData": parts.user_data}
    return {"System": system, **body, "Message": "An event.\n"}


def golang_evtx(event: Event) -> Event:
    found = velociraptor(event)
    found["System"] |= {
        "EventID": as_text(found["System"]["EventID"]["Value"]),
        "Keywords": hex(found["System"]["Keywords"]),
        "TimeCreated": {"SystemTime": event["stamp"]},
    }
    return {"Event": found}


def velociraptor_rows(event: Event) -> Event:
    parts = Parts(event)
    return {
        "EventTime": event["stamp"],
        "Computer": parts.computer,
        "Channel": parts.channel,
        "Provider": parts.provider["Name"],
        "EventID": parts.event_id,
        "EventRecordID": parts.record_id,
        "UserSID": "",
        "Username": "",
        "EventData": parts.inside if parts.user_data is None else None,
        "UserData": parts.user_data,
        "Message": "An event.",
        "OSPath": "C:\\Windows\\System32\\winevt\\Logs\\Security.evtx",
    }


def beats_fields(parts: Parts) -> Event:
    """Fields as texts, those without names numbered."""
    fields = {name: as_text(value) for name, value in parts.inside.items() if name != "Data"}
    data = parts.inside.get("Data")
    several = data if isinstance(data, list) else [] if data is None else [data]
    return fields | {f"param{number}": as_text(value) for number, value in enumerate(several, 1)}


def winlogbeat(event: Event) -> Event:
    parts = Parts(event)
    fields = "event_data" if parts.user_data is None else "user_data"
    activity = {"activity_id": "{" + parts.activity + "}"} if parts.activity else {}
    return {
        "@timestamp": event["stamp"][:23] + "Z",
        "@metadata": {"beat": "winlogbeat", "version": "8.11.1"},
        "winlog": {
            "channel": parts.channel,
            "computer_name": parts.computer,
            "event_id": str(parts.event_id),
            "provider_name": parts.provider["Name"],
            "provider_guid": "{" + parts.provider.get("Guid", "") + "}",
            "record_id": str(parts.record_id),
            "version": parts.system.get("Version"),
            "keywords": [f"Audit {parts.result.title()}"],
            "process": {"pid": parts.execution.get("ProcessID"), "thread": {"id": parts.execution.get("ThreadID")}},
            fields: beats_fields(parts) | ({"xml_name": "LogFileCleared"} if fields == "user_data" else {}),
            **activity,
        },
        "event": {"code": str(parts.event_id), "kind": "event", "outcome": parts.result},
        "host": {"name": parts.computer},
        "message": "An event.",
    }


def winlogbeat_dotted(event: Event) -> Event:
    """As some exports of Elasticsearch have it: every key a path."""
    return dict(dotted(winlogbeat(event), ""))


def dotted(element: Event, before: str) -> Iterable[tuple[str, Any]]:
    for name, value in element.items():
        if isinstance(value, dict):
            yield from dotted(value, f"{before}{name}.")
        else:
            yield before + name, value


def elastic(event: Event) -> Event:
    return {"_index": "winlogbeat-8.11.1", "_id": "x", "_score": 1, "_source": winlogbeat(event)}


def winlogbeat_6(event: Event) -> Event:
    parts = Parts(event)
    return {
        "@timestamp": event["stamp"][:23] + "Z",
        "beat": {"name": "x", "version": "6.8.0"},
        "computer_name": parts.computer,
        "event_data" if parts.user_data is None else "user_data": beats_fields(parts),
        "event_id": parts.event_id,
        "keywords": [f"Audit {parts.result.title()}"],
        "log_name": parts.channel,
        "message": "An event.",
        "process_id": parts.execution.get("ProcessID"),
        "provider_guid": "{" + parts.provider.get("Guid", "") + "}",
        "record_number": str(parts.record_id),
        "source_name": parts.provider["Name"],
        "thread_id": parts.execution.get("ThreadID"),
        "type": "wineventlog",
        "version": parts.system.get("Version"),
        **({"activity_id": "{" + parts.activity + "}"} if parts.activity else {}),
    }


def evtxecmd(event: Event) -> Event:
    parts = Parts(event)
    if parts.user_data is None:
        fields = parts.inside
        if isinstance(fields.get("Data"), list):
            fields["Data"] = ", ".join(map(as_text, fields["Data"]))
        payload = {"EventData": data_elements(fields)} if fields else {}
    else:
        payload = {"UserData": parts.user_data}
    return {
        "PayloadData1": "Target: x",
        "MapDescription": "An event",
        "ChunkNumber": 0,
        "Computer": parts.computer,
        "Payload": json.dumps(payload),
        "Channel": parts.channel,
        "Provider": parts.provider["Name"],
        "EventId": parts.event_id,
        "EventRecordId": str(parts.record_id),
        "ProcessId": parts.execution.get("ProcessID"),
        "ThreadId": parts.execution.get("ThreadID"),
        "Level": "LogAlways",
        "Keywords": f"Audit {parts.result}",
        "SourceFile": "C:\\evidence\\Security.evtx",
        "ExtraDataOffset": 0,
        "HiddenRecord": False,
        "TimeCreated": event["stamp"].removesuffix("Z") + "+00:00",
        "RecordNumber": 7,
    }


def nxlog(event: Event) -> Event:
    """On a collector four hours behind UTC."""
    parts = Parts(event)
    received = parts.time + timedelta(seconds=2)
    here = timedelta(hours=-4)
    signed = parts.keywords - (1 << 64) if parts.keywords >> 63 else parts.keywords
    wordings = WORDINGS | OTHER_WORDINGS
    wording = wordings.get((parts.provider["Name"], parts.event_id), "An event.") if parts.user_data else "An event."
    return {
        "EventTime": (parts.time + here).strftime("%Y-%m-%d %H:%M:%S"),
        "Hostname": parts.computer,
        "Keywords": signed,
        "EventType": "INFO" if parts.result == "unknown" else f"AUDIT_{parts.result.upper()}",
        "SeverityValue": 2,
        "Severity": "INFO",
        "EventID": parts.event_id,
        "SourceName": parts.provider["Name"],
        "ProviderGuid": "{" + parts.provider.get("Guid", "") + "}",
        "Version": parts.system.get("Version"),
        "Task": parts.system.get("Task"),
        "OpcodeValue": parts.system.get("Opcode"),
        "RecordNumber": parts.record_id,
        "ExecutionProcessID": parts.execution.get("ProcessID"),
        "ThreadID": parts.execution.get("ThreadID"),
        "Channel": parts.channel,
        "Message": wording.format_map(parts.inside).replace("\n", "\r\n"),
        "EventReceivedTime": (received + here).strftime("%Y-%m-%d %H:%M:%S"),
        "SourceModuleName": "eventlog",
        "SourceModuleType": "im_msvistalog",
        "@timestamp": received.strftime("%Y-%m-%dT%H:%M:%S.") + "407Z",
        "@version": "1",
        "host": "wec.example",
        "tags": ["dataset"],
        **({"ActivityID": "{" + parts.activity + "}"} if parts.activity else {}),
        **({"AccountName": "SYSTEM", "AccountType": "User", "Domain": "NT AUTHORITY"} if parts.user_data else {}),
        **({} if parts.user_data else {name: v for name, v in parts.inside.items() if v not in (None, "")}),
    }


_LSM = "Microsoft-Windows-TerminalServices-LocalSessionManager"
_DESKTOP = "\n\nUser: {User}\nSession ID: {SessionID}"
OTHER_WORDINGS = {
    (_LSM, 22): f"Remote Desktop Services: Shell start notification received:{_DESKTOP}\n"
    "Source Network Address: {Address}",
    (_LSM, 39): "Session {TargetSession} has been disconnected by session {Source}",
    (_LSM, 40): "Session {Session} has been disconnected, reason code {Reason}",
    (_LSM, 41): f"Begin session arbitration:{_DESKTOP}",
    (_LSM, 42): f"End session arbitration:{_DESKTOP}",
}


def splunk(event: Event) -> Event:
    parts = Parts(event)
    fields = beats_fields(parts)
    found = {
        "_time": "2026-03-02T08:00:00.000+00:00",
        "Channel": parts.channel,
        "Computer": parts.computer,
        "EventID": str(parts.event_id),
        "EventRecordID": str(parts.record_id),
        "Guid": "{" + parts.provider.get("Guid", "") + "}",
        "Keywords": hex(parts.keywords),
        "Name": parts.provider["Name"],
        "SystemTime": f"{event['stamp'].removesuffix('Z')}00Z",
        "Version": as_text(parts.system.get("Version")),
        "sourcetype": "XmlWinEventLog",
        **({"ActivityID": "{" + parts.activity + "}"} if parts.activity else {}),
        **fields,
    }
    return {"preview": False, "result": found}


FORMS: dict[str, Callable[[Event], Event]] = {
    form.__name__: form
    for form in (
        evtx_dump, chainsaw, xmltodict, velociraptor, golang_evtx, velociraptor_rows, winlogbeat, winlogbeat_dotted,
        elastic, winlogbeat_6, evtxecmd, nxlog, splunk,
    )
}  # fmt: skip


def compact(record: Event) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def pretty(record: Event) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2)


LAYOUTS: dict[str, Callable[[list[Event]], bytes]] = {
    "lines": lambda records: "\n".join(map(compact, records)).encode(),
    "lines of Windows": lambda records: "".join(f"{compact(record)}\r\n" for record in records).encode(),
    "array": lambda records: json.dumps(records).encode(),
    "array, a record a line": lambda records: ("[\n" + ",\n".join(map(compact, records)) + "\n]\n").encode(),
    "pretty array": lambda records: json.dumps(records, indent=4).encode(),
    "one after the other": lambda records: "\n".join(map(pretty, records)).encode(),
    "no space between": lambda records: "".join(map(compact, records)).encode(),
    "after Record lines": lambda records: "".join(f"Record {n}\n{pretty(r)}\n" for n, r in enumerate(records)).encode(),
    "UTF-8 with a mark": lambda records: "\n".join(map(compact, records)).encode("utf-8-sig"),
    "UTF-16": lambda records: ("\ufeff" + "\r\n".join(map(pretty, records))).encode("utf-16-le"),
    "UTF-16 the other way": lambda records: ("\ufeff" + "\n".join(map(compact, records))).encode("utf-16-be"),
}
