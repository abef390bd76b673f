"""Every action of the browser, declared once: keys, footer, help and command palette all come from here."""

from __future__ import annotations

from dataclasses import dataclass

from logonscope.ui.keys import Keyed, printed_key
from logonscope.ui.panes import LISTS, TABLES, TITLES

ALL_PANES = tuple(TITLES)
ROWS = tuple(LISTS)
"""Panes that list rows of the case."""
_IN_TIME = (*ROWS, "timeline")
_SESSIONS = ("sessions", "timeline")


@dataclass(frozen=True, slots=True)
class Command(Keyed):
    """One action of the browser."""

    panes: tuple[str, ...] = ALL_PANES
    """The panes that it makes sense in."""
    footer: bool = True

    @property
    def keys_in_footer(self) -> str:
        """The first key alone: the footer is short."""
        return printed_key(self.keys[0]) if self.keys else ""


COMMANDS: tuple[Command, ...] = (
    Command("pane.events", ("1",), "show_pane('events')", "Events", "Show the events.", footer=False),
    Command(
        "pane.sessions", ("2",), "show_pane('sessions')", "Sessions", "Show the reconstructed sessions.", footer=False
    ),
    Command(
        "pane.types", ("3",), "show_pane('types')", "Types", "Show the logon types and what they mean.", footer=False
    ),
    Command(
        "pane.boots",
        ("4",),
        "show_pane('boots')",
        "Boots",
        "Show when the machines ran, how that is known, and which logon IDs were used again.",
        footer=False,
    ),
    Command(
        "pane.coverage",
        ("5",),
        "show_pane('coverage')",
        "Coverage",
        "Show what the logs cover, and what is missing, cleared, lost or not audited.",
        footer=False,
    ),
    Command(
        "pane.timeline",
        ("6",),
        "show_pane('timeline')",
        "Timeline",
        "Show sessions as lanes over time, with refused logons, crashes and cleared logs.",
        footer=False,
    ),
    Command("filter.edit", ("slash",), "edit_filter", "Filter", "Type a filter; it holds for every pane."),
    Command(
        "open",
        ("enter",),
        "open",
        "Open",
        "On an event: show its fields. On a session: list every record that carries its logon ID in its boot; on a"
        " visit: list its contacts. On a logon type: filter to it. On a boot: list its sessions. On a mark of"
        " coverage: go to its record, or to the events around it.",
    ),
    Command(
        "goto.session",
        ("s",),
        "goto_session",
        "Session",
        "Go from an event to the session that it belongs to.",
        ("events",),
    ),
    Command(
        "evidence",
        ("e",),
        "show_evidence",
        "Evidence",
        "List the records that a session rests on, to cite and to open, and the gaps that touch it.",
        _SESSIONS,
    ),
    Command(
        "trace",
        ("t",),
        "trace",
        "Trace",
        "Go from a remote session to the records of the machine that it came from, around its start.",
        _SESSIONS,
    ),
    Command(
        "findings",
        ("F",),
        "show_findings",
        "Findings",
        "List what to look at first: findings with their evidence and what usually explains them. Enter goes to the"
        " records.",
    ),
    Command(
        "explain",
        ("x",),
        "explain",
        "Explain",
        "Explain the row: what it means, what it does not prove, field by field; how often the same occurs, by whom and"
        " from where, and what stands beside it. Of a mark of coverage: how to turn on what is missing.",
        footer=False,
    ),
    Command(
        "card",
        ("A",),
        "show_card",
        "All about",
        "Show all about the user, source or machine of this cell, else about the user of the row: stays, machines,"
        " sources, types, hours of the day, refusals, privileges, findings. Enter on a line goes to its rows.",
        _IN_TIME,
        footer=False,
    ),
    Command(
        "first-seen",
        ("W",),
        "show_first_seen",
        "First seen",
        "List users, sources, logon types and machines that came together for the first time, and how far the logs"
        " reach back before; the filter chooses among the first logons.",
        footer=False,
    ),
    Command("overview", ("V",), "show_overview", "Machines", "List the machines of a lake.", footer=False),
    Command("who", ("w",), "ask_who", "Who", "Ask who was on at a time: for certain, possibly, and what is covered."),
    Command(
        "pin.user",
        ("a",),
        "pin_account",
        "User",
        "Filter to the user of this row.",
        ("events", "sessions", "timeline"),
    ),
    Command(
        "pin.logon",
        ("i",),
        "pin_logon_id",
        "ID",
        "Filter to the logon ID of this row.",
        ("events", "sessions", "timeline"),
    ),
    Command(
        "pin.source",
        ("I",),
        "pin_source",
        "This source",
        "Filter to the source of this row.",
        ("events", "sessions"),
        footer=False,
    ),
    Command("pin.time", ("T",), "pin_time", "+-5 min", "Filter to five minutes around this row.", ROWS, footer=False),
    Command(
        "cell.include",
        ("plus",),
        "include_cell",
        "Include",
        "Show also the rows with the value of this cell; ← → choose the cell.",
        TABLES,
        footer=False,
    ),
    Command(
        "cell.exclude",
        ("minus",),
        "exclude_cell",
        "Exclude",
        "Leave out the rows with the value of this cell.",
        TABLES,
        footer=False,
    ),
    Command(
        "cell.only",
        ("equals_sign",),
        "only_cell",
        "Only",
        "Show only the rows with the value of this cell.",
        TABLES,
        footer=False,
    ),
    Command(
        "scope",
        ("h",),
        "next_scope",
        "Hidden",
        "Show stays only; also visits over the network; also single contacts, tasks and services; or all sessions.",
        ("sessions",),
    ),
    Command("record.xml", ("r",), "show_xml", "XML", "Show the record as Windows wrote it.", ("events",)),
    Command("filter.undo", ("u", "backspace"), "undo", "Undo", "Go back to the filter and pane before."),
    Command("filter.redo", ("U",), "redo", "Redo", "Show again what was undone.", footer=False),
    Command(
        "filter.chips",
        ("C",),
        "show_chips",
        "Chips",
        "List the parts of the filter: each can be off for a while, removed or edited.",
        footer=False,
    ),
    Command(
        "context",
        ("K",),
        "keep_context",
        "Context",
        "Show 5, then 20 events around each that fits the filter, then only those; > marks what fits.",
        ("events",),
        footer=False,
    ),
    Command(
        "facets",
        ("f",),
        "show_facets",
        "Facets",
        "Count the users, machines, sources, types, events and statuses under this filter, and filter by them.",
        footer=False,
    ),
    Command(
        "facets.toggle", ("b",), "toggle_facets", "Beside", "Show or hide the facets beside the list.", footer=False
    ),
    Command("filter.presets", ("P",), "show_presets", "Presets", "Filters by name: load, save, delete.", footer=False),
    Command("filter.clear", ("c",), "clear_filter", "Clear", "Remove the filter."),
    Command("detail", ("d",), "toggle_detail", "Detail", "Show or hide the detail of the row."),
    Command("order.next", ("o",), "next_order", "Order", "Sort by the next column.", TABLES),
    Command("order.reverse", ("O",), "reverse_order", "Reverse", "Turn the order round.", TABLES, footer=False),
    Command(
        "columns",
        ("v",),
        "choose_columns",
        "Columns",
        "Choose, order, widen columns; sort by any.",
        TABLES,
        footer=False,
    ),
    Command("search", ("ctrl+f",), "search", "Find", "Search in this list: words, or a filter.", ROWS),
    Command("search.next", ("n",), "next_hit", "Next hit", "Go to the next hit of the search.", ROWS, footer=False),
    Command(
        "search.previous", ("N",), "previous_hit", "Hit before", "Go to the hit before this row.", ROWS, footer=False
    ),
    Command(
        "select",
        ("space",),
        "select",
        "Select",
        "Select the row, or drop it again.",
        ROWS,
        footer=False,
    ),
    Command("bookmark", ("m",), "bookmark", "Keep", "Keep the row for later, with a note.", ROWS),
    Command(
        "bookmark.next", ("M",), "next_bookmark", "Next mark", "Go to the next row that is kept.", ROWS, footer=False
    ),
    Command(
        "bookmark.list", ("B",), "list_bookmarks", "Bookmarks", "List the rows that are kept, with notes.", footer=False
    ),
    Command("bookmark.drop", (), "drop_bookmark", "Drop mark", "Remove the bookmark of this row.", ROWS, footer=False),
    Command(
        "copy", ("y",), "copy_row", "Copy", "Copy the row, or those selected, through your terminal (OSC 52).", TABLES
    ),
    Command("copy.as", ("Y",), "copy_as", "Copy as", "Copy them as text, CSV, JSON or citations.", ROWS, footer=False),
    Command(
        "export",
        ("X",),
        "export",
        "Export",
        "Write this list, the rows selected or the sessions of the timeline to a file: CSV, JSON lines, Parquet,"
        " Timesketch, ECS, XML.",
        footer=False,
    ),
    Command(
        "brush",
        ("z",),
        "brush",
        "Zoom",
        "Choose a part of the strip over the lists (← → move it, [ ] or Shift+← → its end) and zoom into it: Enter"
        " holds it as a time: filter, Esc leaves it.",
        footer=False,
    ),
    Command("zoom.out", ("Z",), "zoom_out", "Unzoom", "Go back to the span before the last zoom.", footer=False),
    Command(
        "goto.time",
        ("g",),
        "goto_time",
        "Go to",
        "Go to a time: a date, a time of the day shown, a weekday, yesterday, -2h before the end of the log, +30m after"
        " this row.",
        _IN_TIME,
        footer=False,
    ),
    Command(
        "gap.next",
        ("right_square_bracket",),
        "goto_gap(True)",
        "Next gap",
        "Go to the next gap of the list: a silence much longer than usual, or a hole in the record IDs.",
        ROWS,
        footer=False,
    ),
    Command(
        "gap.previous",
        ("left_square_bracket",),
        "goto_gap(False)",
        "Gap before",
        "Go to the gap before.",
        ROWS,
        footer=False,
    ),
    Command("hour.next", ("full_stop",), "step(1)", "Hour on", "Go on by one hour.", _IN_TIME, footer=False),
    Command("hour.previous", ("comma",), "step(-1)", "Hour back", "Go back by one hour.", _IN_TIME, footer=False),
    Command("day.next", ("greater_than_sign",), "step(24)", "Day on", "Go on by one day.", _IN_TIME, footer=False),
    Command(
        "day.previous", ("less_than_sign",), "step(-24)", "Day back", "Go back by one day.", _IN_TIME, footer=False
    ),
    Command(
        "zone",
        ("at",),
        "next_zone",
        "Zone",
        "Write beside UTC: the machine's zone as its logs tell it, a zone that you choose, the time to the end of the"
        " log, or nothing.",
        footer=False,
    ),
    Command("lanes.by", ("L",), "lanes_by", "By user", "Let a lane be one user, or one machine.", ("timeline",)),
    Command("strip", ("H",), "toggle_strip", "Strip", "Show or hide the strip over the lists.", footer=False),
    Command(
        "report",
        ("R",),
        "write_report",
        "Report",
        "Write a report of the case: one page (HTML) or Markdown, with what is filtered, kept and dismissed.",
        footer=False,
    ),
    Command(
        "files",
        ("S",),
        "show_files",
        "Files",
        "List the files of the case with their SHA-256, and where notes are kept.",
        footer=False,
    ),
    Command("problems", ("p",), "show_problems", "Problems", "List what could not be read."),
    Command("help", ("question_mark",), "show_help", "Help", "Explain keys, filters and grades."),
    Command("palette", ("ctrl+p", "colon"), "app.command_palette", "Palette", "Find an action by name.", footer=False),
    Command(
        "stop",
        ("escape",),
        "leave_off",
        "Stop",
        "Give up what was asked for, then the selection, then the search; else stop loading.",
        footer=False,
    ),
    Command("theme", (), "app.next_theme", "Theme", "Try the next theme; the settings keep one.", footer=False),
    Command("redraw", ("ctrl+l",), "redraw", "Redraw", "Draw the screen anew.", footer=False),
    Command("quit", ("q",), "app.quit", "Quit", "Leave."),
)
"""All actions, in the order of the footer and the help."""

TYPING: tuple[tuple[str, str], ...] = (
    ("Tab", "put in the marked offer, or the first; offer anew"),
    ("↑ ↓", "mark an offer; before the first, the filters typed before"),
    ("Enter", "put in the marked offer; where none is marked, hold the filter"),
    ("Esc", "close the offers, then give up"),
)
"""Keys while a filter is typed, for the help."""

CHIPS: tuple[tuple[str, str], ...] = (
    ("Space", "turn a part of the filter off, and on again"),
    ("Delete", "remove it"),
    ("Enter", "edit it"),
)
"""Keys of the list of chips, for the help."""

FACETS: tuple[tuple[str, str], ...] = (
    ("← → Tab", "another field"),
    ("Space", "mark a value, to choose several"),
    ("Enter", "include the marked values, or the one under the cursor"),
    ("-", "leave them out"),
)
"""Keys of the facets, for the help."""

OVER: tuple[tuple[str, str], ...] = (
    ("Enter", "go to the record, the session, the machine or the rows of the line"),
    ("y", "copy the row in full; of a record of the evidence its citation"),
    ("X", "in findings and what was seen for the first time: export the list"),
    ("o O", "in what was seen for the first time, and machines: sort by the next column; turn the order round"),
    ("S", "on the problems: search the files for records that were not read (slack, gaps, other files)"),
    ("Esc q", "back to the browser"),
)
"""Keys of the lists over the browser (evidence, who, trace, cards, problems), for the help."""
