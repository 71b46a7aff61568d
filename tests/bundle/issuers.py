"""An issuer on loopback: what it publishes, at which address, and how it fails. With a
certificate of its own it speaks https, as a stack demands it."""

import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DISCOVERY = "/.well-known/openid-configuration"
KEYS = "/keys"


class Issuer:
    """Answers what `documents` has for a path, as JSON; text and bytes as they are. A
    number is a status. Where `held` has the path, it sends a byte now and then until
    it is released."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.documents: dict[str, Any] = {}
        self.agents: list[str] = []
        self.held: set[str] = set()
        self.location = "https://elsewhere.example/"
        self.asked, self.released = threading.Event(), threading.Event()
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True
            )
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.agents.append(request.headers["User-Agent"])
        self.asked.set()
        found = self.documents.get(request.path, 404)
        if isinstance(found, int):
            request.send_response(found)
            request.send_header("Location", self.location)
            request.end_headers()
            return
        request.send_response(200)
        if request.path in self.held:
            self.drip(request)
            return
        request.end_headers()
        text = found if isinstance(found, bytes) else json.dumps(found).encode()
        request.wfile.write(text)

    def drip(self, request: BaseHTTPRequestHandler) -> None:
        """Headers without end: each step is quick, and the whole never comes."""
        request.flush_headers()
        while not self.released.wait(0.02):
            try:
                request.wfile.write(b"X")
            except OSError:  # who asked has gone away
                self.released.set()

    def publish(self, *keys: dict[str, Any], name: str | None = None) -> None:
        """As an honest issuer does; `name` is what it calls itself."""
        own = self.url + "/" if name is None else name
        self.documents[DISCOVERY] = {"issuer": own, "jwks_uri": self.url + KEYS}
        self.documents[KEYS] = {"keys": list(keys)}

    def stop(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def running(certificate: Path | None = None) -> Iterator[Issuer]:
    made = Issuer(certificate)
    yield made
    made.stop()


def certificate(place: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, that trusts itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = place / "issuer.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file
