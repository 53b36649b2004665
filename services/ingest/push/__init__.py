"""The push door: partners send articles and rates over HTTP, operators send decisions."""
