"""One folder per outside system; a file is named after the port it implements."""
