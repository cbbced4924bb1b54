"""Files in a folder, in memory or in a bucket, through obstore."""
