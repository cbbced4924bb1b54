"""Clock, ids and other tiny things without a feature word."""
