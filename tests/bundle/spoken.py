"""The guide's commands, and how a test runs them: `aws` as the call that the CLI would
make, by the service's own model, so that a misspelt option or value fails."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import jmespath
from botocore import xform_name

# The CLI's own options, with whether a value follows.
OF_THE_CLI = {
    "cli-binary-format": ("raw-in-base64-out", "base64"),
    "cli-read-timeout": ("0",),
    "query": None,
}
NOT_WALKED = "# not walked"


class Command(NamedTuple):
    """One command of a block, as it is typed, on one line."""

    text: str
    is_walked: bool

    @property
    def words(self) -> list[str]:
        """Without a comment; of a loop the command that it waits for."""
        waited = re.fullmatch(r"until (aws .*); do sleep \d+; done", self.text)
        return shlex.split(waited[1] if waited else self.text, comments=True)


def commands(guide: str) -> Iterator[Command]:
    """Every command in the guide's shell blocks, in their order."""
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", guide, re.M | re.S):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            text = line.strip()
            if text:
                yield Command(text, NOT_WALKED not in text)


class Aws:
    """Speaks to an endpoint as the CLI does; files are those of `place`."""

    def __init__(self, endpoint: str, place: Path) -> None:
        self.endpoint, self.place = endpoint, place

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="operator",
            aws_secret_access_key="operator",
        )

    def run(self, words: list[str]) -> Any:
        """What the CLI would print, before it is printed."""
        aws, service, operation, *rest = words
        assert aws == "aws"
        if (service, operation) == ("s3", "mb"):
            (url,) = rest
            return self.client("s3").create_bucket(Bucket=url.removeprefix("s3://"))
        client = self.client(service)
        if operation == "wait":
            waiter = xform_name(rest.pop(0).replace("-", "_"))
            shape = client.meta.service_model.operation_model("DescribeTable")
            return client.get_waiter(waiter).wait(**self._given(shape, rest)[0])
        method = operation.replace("-", "_")
        name = client.meta.method_to_api_mapping[method]
        model = client.meta.service_model.operation_model(name)
        given, own, files = self._given(model, rest)
        answer = getattr(client, method)(**given)
        if files:  # where the CLI puts a stream
            (self.place / files[0]).write_bytes(answer["Payload"].read())
        return jmespath.search(own["query"], answer) if "query" in own else answer

    def _given(
        self, model: Any, rest: list[str]
    ) -> tuple[dict[str, Any], dict[str, str], list[str]]:
        """The members of a request, the CLI's own options, and what is neither."""
        members = {
            xform_name(name, "-"): (name, shape)
            for name, shape in model.input_shape.members.items()
        }
        given: dict[str, Any] = {}
        own: dict[str, str] = {}
        files = []
        words = iter(rest)
        for word in words:
            option = word.removeprefix("--")
            if option == word:
                files.append(word)
            elif option in OF_THE_CLI:
                own[option] = next(words)
                allowed = OF_THE_CLI[option]
                assert allowed is None or own[option] in allowed, word
            elif option.removeprefix("no-") in members and option not in members:
                name, shape = members[option.removeprefix("no-")]
                assert shape.type_name == "boolean", word
                given[name] = False
            else:
                assert option in members, f"{word} is no option of {model.name}"
                name, shape = members[option]
                is_flag = shape.type_name == "boolean"
                given[name] = True if is_flag else self._value(shape, next(words))
        return given, own, files

    def _value(self, shape: Any, text: str) -> Any:
        if text.startswith("file://"):
            text = (self.place / text.removeprefix("file://")).read_text()
        if shape.type_name == "blob":
            return text.encode()
        if shape.type_name not in ("structure", "map", "list"):
            return text
        if text[0] in "{[":
            return json.loads(text)
        words = {"true": True, "false": False}  # the CLI's shorthand
        pairs = dict(pair.split("=", 1) for pair in text.split(","))
        return {name: words.get(value, value) for name, value in pairs.items()}
