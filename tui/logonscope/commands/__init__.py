"""What the commands share, and those that have a module of their own."""
