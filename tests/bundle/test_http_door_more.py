"""Children, isolation and races through the packaged zip; see test_http_door.py."""

from tests.test_http_children import (  # noqa: F401
    path,
    test_conversations_and_messages,
    test_notes,
)
from tests.test_http_isolation import (  # noqa: F401
    test_a_foreign_a_deleted_and_a_missing_contact_get_the_same,
    test_a_stranger_and_a_missing_workspace_get_the_same,
    test_nobody_lists_or_joins_from_outside,
)
from tests.test_http_races import test_of_forty_with_one_phone_one_wins  # noqa: F401
