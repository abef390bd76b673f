"""How a Remote Desktop client reaches a machine, before anybody is asked for a password (rule R25)."""

from __future__ import annotations

from uuid import UUID

from logonscope.demo.logon_records import LogonRecords


class Connections(LogonRecords):
    """Writes what RdpCoreTS and RemoteConnectionManager tell of a new connection."""

    def _connect_client(self, source_ip: str) -> str:
        """RdpCoreTS 131, 65 and 98, and RCM 261.

        Args:
            source_ip: Address of the client, or of the gateway it comes through.

        Returns:
            The activity ID that joins all records of the connection.
        """
        activity = str(UUID(int=self._random.getrandbits(128), version=4))
        address = f"{source_ip}:{self._random.randrange(49152, 65536)}"
        self._last_rdp_number += 1
        self._write("rdp-core", 131, activity_id=activity, ClientIP=address)
        self._write("rdp-core", 65, activity_id=activity, ConnectionName=self._connection_name)
        self._write("rdp-core", 98, activity_id=activity)
        self._write("rcm", 261, activity_id=activity)
        return activity

    @property
    def _connection_name(self) -> str:
        """What Windows calls the newest connection."""
        return f"RDP-Tcp#{self._last_rdp_number}"
