"""Drawing with Typst."""
