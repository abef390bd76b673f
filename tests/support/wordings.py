"""How Windows words events in English, as templates with the fields' names; written from Microsoft's documentation."""

from __future__ import annotations

_AUDIT = "Microsoft-Windows-Security-Auditing"
_LOGS = "Microsoft-Windows-Eventlog"
_LSM = "Microsoft-Windows-TerminalServices-LocalSessionManager"
_RDP = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS"

_SUBJECT = """Subject:
\tSecurity ID:\t\t{SubjectUserSid}
\tAccount Name:\t\t{SubjectUserName}
\tAccount Domain:\t\t{SubjectDomainName}
\tLogon ID:\t\t{SubjectLogonId}
"""
_TARGET = _SUBJECT.replace("{Subject", "{Target")
_END = """
This event is generated when a logon session is created. It is generated on the computer that was accessed.

The subject fields indicate the account on the local system which requested the logon: a service, or a process.
\t- Key length indicates the length of the generated session key. This will be 0 if no session key was requested."""

WORDINGS = {
    (_AUDIT, 4608): """Windows is starting up.

This event is logged when LSASS.EXE starts and the auditing subsystem is initialized.""",
    (_AUDIT, 4624): f"""An account was successfully logged on.

{_SUBJECT}
Logon Information:
\tLogon Type:\t\t{{LogonType}}
\tRestricted Admin Mode:\t{{RestrictedAdminMode}}
\tVirtual Account:\t\t{{VirtualAccount}}
\tElevated Token:\t\t{{ElevatedToken}}

Impersonation Level:\t\t{{ImpersonationLevel}}

New Logon:
\tSecurity ID:\t\t{{TargetUserSid}}
\tAccount Name:\t\t{{TargetUserName}}
\tAccount Domain:\t\t{{TargetDomainName}}
\tLogon ID:\t\t{{TargetLogonId}}
\tLinked Logon ID:\t\t{{TargetLinkedLogonId}}
\tNetwork Account Name:\t{{TargetOutboundUserName}}
\tNetwork Account Domain:\t{{TargetOutboundDomainName}}
\tLogon GUID:\t\t{{LogonGuid}}

Process Information:
\tProcess ID:\t\t{{ProcessId}}
\tProcess Name:\t\t{{ProcessName}}

Network Information:
\tWorkstation Name:\t{{WorkstationName}}
\tSource Network Address:\t{{IpAddress}}
\tSource Port:\t\t{{IpPort}}

Detailed Authentication Information:
\tLogon Process:\t\t{{LogonProcessName}}
\tAuthentication Package:\t{{AuthenticationPackageName}}
\tTransited Services:\t{{TransmittedServices}}
\tPackage Name (NTLM only):\t{{LmPackageName}}
\tKey Length:\t\t{{KeyLength}}
{_END}""",
    (_AUDIT, 4625): f"""An account failed to log on.

{_SUBJECT}
Logon Type:\t\t\t{{LogonType}}

Account For Which Logon Failed:
\tSecurity ID:\t\t{{TargetUserSid}}
\tAccount Name:\t\t{{TargetUserName}}
\tAccount Domain:\t\t{{TargetDomainName}}

Failure Information:
\tFailure Reason:\t\t{{FailureReason}}
\tStatus:\t\t\t{{Status}}
\tSub Status:\t\t{{SubStatus}}

Process Information:
\tCaller Process ID:\t{{ProcessId}}
\tCaller Process Name:\t{{ProcessName}}

Network Information:
\tWorkstation Name:\t{{WorkstationName}}
\tSource Network Address:\t{{IpAddress}}
\tSource Port:\t\t{{IpPort}}

Detailed Authentication Information:
\tLogon Process:\t\t{{LogonProcessName}}
\tAuthentication Package:\t{{AuthenticationPackageName}}
\tTransited Services:\t{{TransmittedServices}}
\tPackage Name (NTLM only):\t{{LmPackageName}}
\tKey Length:\t\t{{KeyLength}}
{_END}""",
    (_AUDIT, 4634): f"""An account was logged off.

{_TARGET}
Logon Type:\t\t\t{{LogonType}}

This event is generated when a logon session is destroyed. It may be positively correlated with a logon event \
using the Logon ID value. Logon IDs are only unique between reboots on the same computer.""",
    (_AUDIT, 4647): f"""User initiated logoff:

{_TARGET}
This event is generated when a logoff is initiated. No further user-initiated activity can occur.""",
    (_AUDIT, 4648): f"""A logon was attempted using explicit credentials.

{_SUBJECT}\tLogon GUID:\t\t{{LogonGuid}}

Account Whose Credentials Were Used:
\tAccount Name:\t\t{{TargetUserName}}
\tAccount Domain:\t\t{{TargetDomainName}}
\tLogon GUID:\t\t{{TargetLogonGuid}}

Target Server:
\tTarget Server Name:\t{{TargetServerName}}
\tAdditional Information:\t{{TargetInfo}}

Process Information:
\tProcess ID:\t\t{{ProcessId}}
\tProcess Name:\t\t{{ProcessName}}

Network Information:
\tNetwork Address:\t{{IpAddress}}
\tPort:\t\t\t{{IpPort}}
{_END}""",
    (_AUDIT, 4672): f"""Special privileges assigned to new logon.

{_SUBJECT}
Privileges:\t\t{{PrivilegeList}}""",
    (_AUDIT, 4688): f"""A new process has been created.

Creator {_SUBJECT}
Target {_TARGET}
Process Information:
\tNew Process ID:\t\t{{NewProcessId}}
\tNew Process Name:\t{{NewProcessName}}
\tToken Elevation Type:\t{{TokenElevationType}}
\tMandatory Label:\t\t{{MandatoryLabel}}
\tCreator Process ID:\t{{ProcessId}}
\tCreator Process Name:\t{{ParentProcessName}}
\tProcess Command Line:\t{{CommandLine}}

Token Elevation Type indicates the type of token that was assigned to the new process in accordance with User \
Account Control policy.""",
    (_AUDIT, 4740): f"""A user account was locked out.

{_SUBJECT}
Account That Was Locked Out:
\tSecurity ID:\t\t{{TargetSid}}
\tAccount Name:\t\t{{TargetUserName}}

Additional Information:
\tCaller Computer Name:\t{{TargetDomainName}}""",
    (_AUDIT, 4768): """A Kerberos authentication ticket (TGT) was requested.

Account Information:
\tAccount Name:\t\t{TargetUserName}
\tSupplied Realm Name:\t{TargetDomainName}
\tUser ID:\t\t\t{TargetSid}

Service Information:
\tService Name:\t\t{ServiceName}
\tService ID:\t\t{ServiceSid}

Network Information:
\tClient Address:\t\t{IpAddress}
\tClient Port:\t\t{IpPort}

Additional Information:
\tTicket Options:\t\t{TicketOptions}
\tResult Code:\t\t{Status}
\tTicket Encryption Type:\t{TicketEncryptionType}
\tPre-Authentication Type:\t{PreAuthType}

Certificate Information:
\tCertificate Issuer Name:\t\t{CertIssuerName}
\tCertificate Serial Number:\t{CertSerialNumber}
\tCertificate Thumbprint:\t\t{CertThumbprint}

Certificate information is only provided if a certificate was used for pre-authentication.""",
    (_AUDIT, 4769): """A Kerberos service ticket was requested.

Account Information:
\tAccount Name:\t\t{TargetUserName}
\tAccount Domain:\t\t{TargetDomainName}
\tLogon GUID:\t\t{LogonGuid}

Service Information:
\tService Name:\t\t{ServiceName}
\tService ID:\t\t{ServiceSid}

Network Information:
\tClient Address:\t\t{IpAddress}
\tClient Port:\t\t{IpPort}

Additional Information:
\tTicket Options:\t\t{TicketOptions}
\tTicket Encryption Type:\t{TicketEncryptionType}
\tFailure Code:\t\t{Status}
\tTransited Services:\t{TransmittedServices}

This event is generated every time access is requested to a resource such as a computer or a Windows service.""",
    (_AUDIT, 4771): """Kerberos pre-authentication failed.

Account Information:
\tSecurity ID:\t\t{TargetSid}
\tAccount Name:\t\t{TargetUserName}

Service Information:
\tService Name:\t\t{ServiceName}

Network Information:
\tClient Address:\t\t{IpAddress}
\tClient Port:\t\t{IpPort}

Additional Information:
\tTicket Options:\t\t{TicketOptions}
\tFailure Code:\t\t{Status}
\tPre-Authentication Type:\t{PreAuthType}

Certificate Information:
\tCertificate Issuer Name:\t\t{CertIssuerName}
\tCertificate Serial Number: \t{CertSerialNumber}
\tCertificate Thumbprint:\t\t{CertThumbprint}

Certificate information is only provided if a certificate was used for pre-authentication.""",
    (_AUDIT, 4776): """The computer attempted to validate the credentials for an account.

Authentication Package:\t{PackageName}
Logon Account:\t{TargetUserName}
Source Workstation:\t{Workstation}
Error Code:\t{Status}""",
    **{
        (_AUDIT, number): f"""A session was {words} to a Window Station.

Subject:
\tAccount Name:\t\t{{AccountName}}
\tAccount Domain:\t\t{{AccountDomain}}
\tLogon ID:\t\t{{LogonID}}

Session:
\tSession Name:\t\t{{SessionName}}

Additional Information:
\tClient Name:\t\t{{ClientName}}
\tClient Address:\t\t{{ClientAddress}}

This event is generated when a user reconnects to an existing Terminal Services session."""
        for number, words in {4778: "reconnected", 4779: "disconnected"}.items()
    },
    **{
        (_AUDIT, number): f"""{words}.

{_TARGET}\tSession ID:\t{{SessionId}}"""
        for number, words in {
            4800: "The workstation was locked",
            4801: "The workstation was unlocked",
            4802: "The screen saver was invoked",
            4803: "The screen saver was dismissed",
        }.items()
    },
    (_LOGS, 1100): "The event logging service has shut down.",
    (_LOGS, 1102): """The audit log was cleared.
Subject:
\tSecurity ID:\t{SubjectUserSid}
\tAccount Name:\t{SubjectUserName}
\tDomain Name:\t{SubjectDomainName}
\tLogon ID:\t{SubjectLogonId}""",
    **{
        (_LSM, number): f"""Remote Desktop Services: {words}:

User: {{User}}
Session ID: {{SessionID}}
Source Network Address: {{Address}}"""
        for number, words in {
            21: "Session logon succeeded",
            22: "Shell start notification received",
            24: "Session has been disconnected",
            25: "Session reconnection succeeded",
        }.items()
    },
    (_LSM, 23): """Remote Desktop Services: Session logoff succeeded:

User: {User}
Session ID: {SessionID}""",
    (_LSM, 39): "Session {TargetSession} has been disconnected by session {Source}",
    (_LSM, 40): "Session {Session} has been disconnected, reason code {Reason}",
    (_RDP, 131): "The server accepted a new {ConnType} connection from client {ClientIP}.",
    (_RDP, 140): (
        "A connection from the client computer with an IP address of {IPString} failed because the user name or "
        "password is not correct."
    ),
}
"""Templates by provider and event ID."""

SAID = {
    "%%1832": "Identification",
    "%%1833": "Impersonation",
    "%%1840": "Delegation",
    "%%1842": "Yes",
    "%%1843": "No",
    "%%2313": "Unknown user name or bad password.",
    "%%1936": "TokenElevationTypeDefault (1)",
    "%%1937": "TokenElevationTypeFull (2)",
    "%%1938": "TokenElevationTypeLimited (3)",
}
"""What messages say for the numbers that records hold."""
