"""OpenTelemetry: where the time goes, across processes."""
