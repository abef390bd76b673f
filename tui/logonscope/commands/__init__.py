"""Commands of the command line that stand on their own; ``cli.py`` registers them."""
