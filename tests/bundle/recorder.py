"""Stands between the functions and the engine and writes down who asked for what, in
the words of IAM. A function is known by its access key, which here is its name."""

import http.client
import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Grant = tuple[str, str]  # an action, and the table or index it is on


class Recorder:
    """The endpoint of the functions, and the grants that each of them has needed."""

    def __init__(self, endpoint: str) -> None:
        self.overtaken_by: dict[str, Callable[[], object]] = {}
        self.needed: defaultdict[str, set[Grant]] = defaultdict(set)
        address = urlsplit(endpoint).netloc
        proxy = type("Proxy", (_Proxy,), {"recorder": self, "address": address})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), proxy)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def write_down(self, headers: Any, body: bytes) -> None:
        credential = re.search(r"Credential=([^/]+)/", headers["Authorization"])
        assert credential is not None, headers["Authorization"]
        operation = headers["X-Amz-Target"].partition(".")[2]
        self.needed[credential[1]] |= grants(operation, json.loads(body))
        if operation == "TransactWriteItems" and ends_a_deletion(json.loads(body)):
            # Somebody else is faster, once.
            self.overtaken_by.pop(credential[1], lambda: None)()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def ends_a_deletion(asked: dict[str, Any]) -> bool:
    """It puts a receipt."""
    put = [step["Put"]["Item"] for step in asked["TransactItems"] if "Put" in step]
    return any(item["sk"]["S"].startswith("del_") for item in put)


def grants(operation: str, asked: dict[str, Any]) -> set[Grant]:
    """What a call needs. A transaction needs what each of its steps does (DynamoDB
    Developer Guide, "IAM with DynamoDB transactions"), a batch its own action."""
    if operation == "TransactWriteItems":
        kinds = {"Put", "Update", "Delete", "ConditionCheck"}
        steps = [kind for step in asked["TransactItems"] for kind in step]
        assert kinds.issuperset(steps)
        tables = {
            one["TableName"] for s in asked["TransactItems"] for one in s.values()
        }
        return {(f"{kind}Item", table) for kind in steps for table in tables}
    if operation in ("BatchGetItem", "BatchWriteItem"):
        return {(operation, table) for table in asked["RequestItems"]}
    index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
    return {(operation, asked["TableName"] + index)}


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    recorder: Recorder
    address: str
    engine: http.client.HTTPConnection | None = None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.recorder.write_down(self.headers, body)
        if self.engine is None:  # one for each connection of a function
            self.engine = http.client.HTTPConnection(self.address)
        self.engine.request("POST", "/", body, dict(self.headers.items()))
        answer = self.engine.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "date"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def finish(self) -> None:
        if self.engine is not None:
            self.engine.close()
        super().finish()

    def log_message(self, *_: object) -> None:
        pass
