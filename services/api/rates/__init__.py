"""Rates as they are read: for a day, over a period, in steps, across currencies."""
