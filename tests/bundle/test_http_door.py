"""The contract once more, word for word, through the other door: API Gateway's proxy
events into the packaged zip. This folder's `server` stands behind the same tests."""

from tests.test_http import *  # noqa: F403
from tests.test_http_conditional import *  # noqa: F403
from tests.test_http_contacts import *  # noqa: F403
from tests.test_http_errors import *  # noqa: F403
from tests.test_http_workspaces import *  # noqa: F403
