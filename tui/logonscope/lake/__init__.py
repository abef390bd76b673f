"""A lake: the events and the sessions of many machines as Parquet files, and the list of those that count."""
