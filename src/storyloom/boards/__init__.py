"""Boards as data: title, panels, text and art, drawn to PNG, SVG and PDF."""
