"""What changed since a cursor: found, waited for, told."""
