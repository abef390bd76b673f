"""Many machines at once: the readers and the session rules on the workers of a Dask cluster, writing a lake."""
