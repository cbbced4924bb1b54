"""The static reading of source code, without a model."""
