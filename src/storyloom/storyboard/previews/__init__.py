"""Sample boards: what each choice changes, shown without a job and without a model."""
