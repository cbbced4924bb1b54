"""The only package that joins ports and adapters, one entry point's needs a file."""
