"""Made-up event logs whose true logon sessions are known: an EVTX writer, a machine that lives, an incident."""
