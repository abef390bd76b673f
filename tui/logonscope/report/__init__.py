"""The report: one self-contained page, or the same as Markdown, with all that was found and how it is known."""
