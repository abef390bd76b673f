"""``python -m logonscope``."""

from logonscope.cli import main

main()
