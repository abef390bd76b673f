"""Reading ahead: stretches of files are read and normalised by processes of their own, in the order of the files."""
