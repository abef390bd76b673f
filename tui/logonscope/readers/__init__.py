"""From bytes to raw records. A reader is chosen by content, yields batches lazily, and loses nothing silently."""
