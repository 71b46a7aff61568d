"""The contract once more, word for word, through the other door: API Gateway's proxy
events into the packaged zip. This folder's `server` stands behind the same tests."""

from tests.test_http import *  # noqa: F403
