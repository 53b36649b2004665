"""What operators see of a desk: a page, JSON, and Prometheus metrics. Read only."""
