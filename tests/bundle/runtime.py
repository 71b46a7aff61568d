"""A Lambda execution environment: the unpacked zip, AWS's own runtime interface client
(awslambdaric), and the Runtime API that it asks for work, on loopback.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Lambda has the client beside the task, and nothing else of ours.
CLIENT = ("awslambdaric", "runtime_client", "snapshot_restore_py", "simplejson")
SECONDS = 40
RUNTIME = "python{}.{}".format(*sys.version_info)  # the one that packages


@dataclass
class Outcome:
    """What an invocation came to: the function's answer, or its error."""

    payload: Any
    is_error: bool


class _Api(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    lambda_: "Environment"

    def do_GET(self) -> None:
        request_id, event = self.lambda_.asked.get()
        deadline = int((time.time() + SECONDS) * 1000)
        self._answer(
            200,
            event,
            {
                "Lambda-Runtime-Aws-Request-Id": request_id,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": self.lambda_.arn,
            },
        )

    def do_POST(self) -> None:
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_error = self.path.endswith("/error")
        self.lambda_.answered.put(Outcome(payload, is_error))
        self._answer(202, b"{}", {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        # Without it the runtime client ends with a segmentation fault.
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A killed runtime resets its connection; what it failed at is in its log."""


class Environment:
    """One execution environment of one function: one invocation at a time."""

    def __init__(
        self,
        task: Path,
        client: Path,
        handler: str,
        variables: dict[str, str],
        log: Any,
    ) -> None:
        self.asked: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.answered: queue.Queue[Outcome] = queue.Queue()
        self.lock = threading.Lock()
        self.arn = f"arn:aws:lambda:us-east-1:123456789012:function:{handler}"
        api = type("Api", (_Api,), {"lambda_": self})
        self.server = _Server(("127.0.0.1", 0), api)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-m", "awslambdaric", handler],
            cwd=task,
            stdout=log,
            stderr=log,
            env={
                **variables,
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.server_port}",
                "AWS_LAMBDA_FUNCTION_NAME": handler,
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
                "AWS_EXECUTION_ENV": f"AWS_Lambda_{RUNTIME}",
                "LAMBDA_TASK_ROOT": str(task),
                "PYTHONPATH": str(client),
                "PATH": os.environ["PATH"],
            },
        )

    def invoke(self, event: Any) -> Outcome:
        """Runs one event to its end; raises AssertionError when nothing comes."""
        request_id = str(uuid.uuid4())
        with self.lock:
            self.asked.put((request_id, json.dumps(event).encode()))
            try:
                return self.answered.get(timeout=SECONDS)
            except queue.Empty:
                raise AssertionError(
                    f"no answer; the runtime's exit code: {self.process.poll()}"
                ) from None

    def memory(self) -> int:
        """Resident bytes of the process."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.server.shutdown()
        self.server.server_close()


def client_folder(place: Path) -> Path:
    """A folder with the runtime interface client alone: what the zip lacks must not be
    found in the virtual environment."""
    place.mkdir()
    for name in CLIENT:
        spec = find_spec(name)
        assert spec is not None, name
        assert spec.origin is not None, name
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (place / source.name).symlink_to(source)
    return place
