"""The case store: an embedded DuckDB file, one writer, rows fetched by number, never by offset."""
