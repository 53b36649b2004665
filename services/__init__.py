"""The services: ingest, enrichment, projection, api, and the command line. They meet on the log."""
