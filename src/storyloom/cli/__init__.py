"""The command line. Only what `--help` needs is imported before a command runs."""
