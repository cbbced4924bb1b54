"""Reading words in pictures with RapidOCR."""
