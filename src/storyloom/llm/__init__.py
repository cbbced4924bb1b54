"""A question gets a typed answer from a language model."""
