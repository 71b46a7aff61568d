"""What a stranger's JSON says, read with care: of a bounded size, of the type that is
meant, fit to be shown in a terminal."""

import json
import re
from typing import Any

import httpx

from chalicelib.base.settings import ORIGIN

PATIENCE_SECONDS = 10
MOST_BYTES = 1024 * 1024
MOST_SHOWN = 200  # characters
ADDRESS = re.compile(rf"{ORIGIN}(?:/[!-\[\]-~]*)?")
BY_KIND = {"RSA": "RS256", "P-256": "ES256", "Ed25519": "EdDSA"}


class Unreadable(Exception):
    """There is no such document; the sentence says why."""


def document(address: str) -> dict[str, Any]:
    """A JSON object, from that very address; raises Unreadable."""
    try:
        with httpx.stream("GET", address, timeout=PATIENCE_SECONDS) as answer:
            if answer.status_code != 200:
                raise Unreadable(f"{address} answers {answer.status_code}")
            content = b""
            for part in answer.iter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    raise Unreadable(f"{address} has no end")
        found = json.loads(content)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise Unreadable(f"{address} does not answer") from None
    except (ValueError, RecursionError):
        raise Unreadable(f"{address} is not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable(f"{address} is not a JSON object")
    return found


def algorithm(key: dict[str, Any]) -> str:
    """What a key is for, as it says, or by its kind; nothing for other uses."""
    if key.get("use", "sig") != "sig":
        return ""
    kind = BY_KIND.get(str(key.get("kty"))) or BY_KIND.get(str(key.get("crv")))
    return str(key.get("alg") or kind or "")


def address(value: Any) -> str | None:
    """An https URL (http on loopback), or None."""
    return value if isinstance(value, str) and ADDRESS.fullmatch(value) else None


def listed(found: dict[str, Any], name: str) -> list[Any]:
    value = found.get(name)
    return value if isinstance(value, list) else []


def shown(value: Any) -> str:
    """Printable, and not endless."""
    text = value if isinstance(value, str) else json.dumps(value)
    return "".join(one for one in text if one.isprintable())[:MOST_SHOWN]
