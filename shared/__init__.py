"""What the services share: the words, the contract of the log, the doors to Redis and SQLite."""
