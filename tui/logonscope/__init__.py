"""logonscope: who was on this Windows machine, when, from where, how, for how long, and how we know."""

__version__ = "0.2.0"
