"""The words of the pages in five languages: catalogues, dates, numbers, names, and their paths."""
