"""Lights-out runs: from a script to all its pictures, unattended."""
