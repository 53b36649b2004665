"""The command line: starts the stack, replays, looks at it. It imports no other service."""
