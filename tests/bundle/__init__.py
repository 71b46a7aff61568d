"""The bundle as Lambda runs it: the zip, the real runtime client, a Runtime API."""
