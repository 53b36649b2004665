"""The api described: its OpenAPI document, filled in from docstrings and samples, and a page."""
