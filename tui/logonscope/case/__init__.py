"""A case: some event files, loaded and indexed, and the questions that can be asked of them.

``case.case`` is the facade; it brings in the database, so the screens import it in the loading thread only.
"""
