"""The static reading of roadmap screenshots, without a model."""
