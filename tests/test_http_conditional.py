"""If-Match and If-None-Match over HTTP (RFC 9110, 13.1)."""

from typing import Any

import httpx
import pytest

from tests.http_world import CONTACTS, made, refused

VOLATILE = {"x-request-id", "date"}


def writes(path: str) -> tuple[tuple[str, str, Any], ...]:
    """Every way to write a contact: method, address, body."""
    return (
        ("PATCH", path, {"name": "C"}),
        ("PATCH", path, {"metadata": {"a": 1}}),
        ("PUT", f"{path}/status", {"lead_status": "lost"}),
        ("DELETE", path, None),
    )


def same_each_time(answer: httpx.Response) -> dict[str, str]:
    return {k: v for k, v in answer.headers.items() if k not in VOLATILE}


class TestConditionalRequests:
    def test_if_match_refuses_what_is_stale(self, eagle_http: httpx.Client) -> None:
        """412 with the current contact, on every write; a fresh tag goes through."""
        contact = made(eagle_http)
        path = f"{CONTACTS}/{contact['id']}"
        old = eagle_http.get(path).headers["etag"]
        new = eagle_http.patch(path, json={"name": "B"}).headers["etag"]
        current = eagle_http.get(path).json()["contact"]
        for stale in (old, f"W/{new}", '"nonsense"', '""', "nonsense"):
            headers = {"If-Match": stale}
            for method, where, body in writes(path):
                answer = eagle_http.request(method, where, json=body, headers=headers)
                problem = refused(answer, 412, "version_mismatch")
                assert problem["current"] == current
        for version, fresh in enumerate((new, f'{old}, "3"', '"4"'), start=3):
            answer = eagle_http.put(
                f"{path}/status",
                json={"lead_status": ("new", "lost")[version % 2]},
                headers={"If-Match": fresh},
            )
            assert answer.json()["contact"]["version"] == version
        answer = eagle_http.patch(path, json={"name": "D"}, headers={"If-Match": "*"})
        assert answer.status_code == 200

    def test_if_none_match_spares_the_body(self, eagle_http: httpx.Client) -> None:
        """304 while nothing moved, 200 as soon as something did."""
        path = f"{CONTACTS}/{made(eagle_http)['id']}"
        tag = eagle_http.get(path).headers["etag"]
        for same in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            answer = eagle_http.get(path, headers={"If-None-Match": same})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == tag
        eagle_http.patch(path, json={"lead_score": 5})
        answer = eagle_http.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200

    def test_a_list_is_compared_to_its_end_or_refused(
        self, eagle_http: httpx.Client
    ) -> None:
        """The 50th tag counts as the first does; with 51 nothing is written."""
        path = f"{CONTACTS}/{made(eagle_http)['id']}"
        others = [f'"{number}"' for number in range(100, 149)]
        headers = {"If-Match": ", ".join([*others, '"1"'])}
        answer = eagle_http.patch(path, json={"name": "B"}, headers=headers)
        assert answer.json()["contact"]["version"] == 2
        headers = {"If-Match": ", ".join([*others, '"7"', '"2"'])}
        for method, where, body in writes(path):
            answer = eagle_http.request(method, where, json=body, headers=headers)
            problem = refused(answer, 400, "invalid_request")
            assert problem["errors"][0]["field"] == "If-Match"
        assert eagle_http.get(path).json()["contact"]["version"] == 2

    @pytest.mark.parametrize(
        "header", ["", "1", '"01"', 'W/"1"', '"1", x', '*, "1"', '"x\\"1"', '"1 "']
    )
    def test_what_is_unusable_is_not_version_one(
        self, eagle_http: httpx.Client, header: str
    ) -> None:
        """A contact of version 1 is not written upon such an If-Match."""
        contact = made(eagle_http)
        path = f"{CONTACTS}/{contact['id']}"
        for method, where, body in writes(path):
            answer = eagle_http.request(
                method, where, json=body, headers={"If-Match": header}
            )
            assert refused(answer, 412, "version_mismatch")["current"] == contact

    def test_if_none_match_keeps_a_write_from_what_exists(
        self, eagle_http: httpx.Client
    ) -> None:
        """`*`: 412 for what exists, 404 for what does not; tags: 400, not ignored."""
        contact = made(eagle_http)
        path, headers = f"{CONTACTS}/{contact['id']}", {"If-None-Match": "*"}
        for method, where, body in writes(path):
            answer = eagle_http.request(method, where, json=body, headers=headers)
            assert refused(answer, 412, "version_mismatch")["current"] == contact
            missing = where.replace(contact["id"], f"con_{'0' * 26}")
            answer = eagle_http.request(method, missing, json=body, headers=headers)
            refused(answer, 404, "contact_not_found")
            answer = eagle_http.request(
                method, where, json=body, headers={"If-None-Match": '"9"'}
            )
            problem = refused(answer, 400, "invalid_request")
            assert problem["errors"][0]["field"] == "If-None-Match"
        assert eagle_http.get(path).json()["contact"] == contact

    def test_a_tag_inside_another_is_no_tag(self, eagle_http: httpx.Client) -> None:
        """Neither in quotes that do not match, nor with a comma in it."""
        path = f"{CONTACTS}/{made(eagle_http)['id']}"
        tag = eagle_http.get(path).headers["etag"]
        inner = tag.strip('"')
        for other in (f'"x{tag}y"', f'"x" {tag}', f'"x,{inner}"', inner, f"W/W/{tag}"):
            answer = eagle_http.get(path, headers={"If-None-Match": other})
            assert answer.status_code == 200, other
        answer = eagle_http.get(path, headers={"If-None-Match": f'"a,b", W/{tag}'})
        assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["/", "/health", "/me", CONTACTS, "/workspaces/eagle-overseas", "{contact}"],
)
def test_head_is_get_without_the_body(eagle_http: httpx.Client, path: str) -> None:
    """The same status and headers, Content-Length and ETag among them."""
    path = path.format(contact=f"{CONTACTS}/{made(eagle_http)['id']}")
    plain = {"Accept-Encoding": "identity"}  # or its length is not that of the content
    got = eagle_http.get(path, headers=plain)
    head = eagle_http.head(path, headers=plain)
    assert (head.status_code, head.content) == (got.status_code, b"") == (200, b"")
    assert same_each_time(head) == same_each_time(got)
    assert int(head.headers["content-length"]) == len(got.content) > 0


def test_head_is_refused_as_get_is(eagle_http: httpx.Client) -> None:
    """304, 400, 401 and 404, each with its headers and no body."""
    path = f"{CONTACTS}/{made(eagle_http)['id']}"
    tag = eagle_http.get(path).headers["etag"]
    for where, headers, status in (
        (path, {"If-None-Match": tag}, 304),
        (f"{path}?x=1", {}, 400),
        (path, {"Authorization": "Bearer x"}, 401),
        (f"{CONTACTS}/con_{'0' * 26}", {}, 404),
    ):
        got = eagle_http.get(where, headers=headers)
        head = eagle_http.head(where, headers=headers)
        assert (head.status_code, head.content) == (status, b"")
        assert same_each_time(head) == same_each_time(got)
