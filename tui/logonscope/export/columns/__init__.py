"""The columns of exported rows, a file for each kind of row."""
