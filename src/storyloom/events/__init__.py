"""What happens to jobs, runs and notifications: kept in one log, and told as it happens."""
