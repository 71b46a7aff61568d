"""Children, isolation and races through the packaged zip; see test_http_door.py."""

import re

from tests.conftest import Server
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


def test_the_page_is_in_the_zip(server: Server) -> None:
    """The page and every file that it names come through the packaged function."""
    with server.client(None) as http:
        page = http.get("/")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        named = re.findall(r'(?:src|href)="/?(page/[^"]+)"', page.text)
        assert len(named) >= 2
        for name in named:
            assert http.get(f"/{name}").status_code == 200, name
