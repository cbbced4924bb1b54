"""The processes of this machine, as Linux tells them below `/proc`."""
