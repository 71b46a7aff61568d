"""The doors of the HTTP API: URL > verb > JSON, three statements each."""
