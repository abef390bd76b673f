"""What leaves the program: printed tables, CSV, JSON lines, the triage summary."""
