"""Sessions rebuilt from events, by the rules R1 to R28 of the design: machines, boots, logons, stays, their ends.

Set logic is SQL (``*.sql``); Python only decides where a state machine is needed.
"""
