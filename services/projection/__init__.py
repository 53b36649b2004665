"""Projection: folds the wire into views. It decides nothing."""
