"""The lights-out run: what is started, checked and stopped so that stories get their pictures."""
