"""The parts of the screens: state in, messages out."""
