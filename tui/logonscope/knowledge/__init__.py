"""What Windows means: events, logon types, codes and accounts as TOML, with typed loaders."""
