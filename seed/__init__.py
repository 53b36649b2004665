"""Seed content, written for this project: front pages, recorded events and their manifest."""
