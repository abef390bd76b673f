"""Findings: questions with their evidence, never verdicts. Each rule is one file of ``rules/``: words and SQL."""
