"""Storyloom turns source material into finished pictures, unattended."""
