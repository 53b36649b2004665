"""How texts become what is searched: the same words for the index and for a question. Pure."""
