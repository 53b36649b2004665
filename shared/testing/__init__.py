"""Fakes that pass the same contract suite as the real thing; for tests here and elsewhere."""
