"""One TOML file a rule."""
