"""WebSub: hubs are asked to send what a source offers when it offers it."""
