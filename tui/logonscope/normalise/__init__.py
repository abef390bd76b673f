"""From a raw record to the columns of an event, driven by ``knowledge/events.toml``. Never raises."""
