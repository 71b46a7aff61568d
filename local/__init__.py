"""Only on a developer's machine, never shipped: the engine, tokens, demo data, the
server."""
