"""Whole screens: the browser itself, and what comes up over it."""
