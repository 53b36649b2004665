"""Relations between articles: which texts are in which, by shingles that two texts share."""
