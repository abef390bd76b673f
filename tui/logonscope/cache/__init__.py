"""Loaded cases kept between runs, so that the same evidence opens at once the next time."""
