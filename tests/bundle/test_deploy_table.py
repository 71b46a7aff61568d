"""The table that a deployment will serve is looked at first: one that is not there, or
not ours, is refused before anything is done."""

from typing import Any

import pytest

from tests.bundle.deployments import FIRST, RESTORED, Account, Run, ours, refused


def index(name: str, **changed: Any) -> list[dict[str, Any]]:
    """The indexes of ours, with one changed; without it when nothing is given."""
    found = ours("x")["GlobalSecondaryIndexes"]
    others = [one for one in found if one["IndexName"] != name]
    (one,) = [one for one in found if one["IndexName"] == name]
    return [*others, {**one, **changed}] if changed else others


NUMBER = [
    {**one, "AttributeType": "N"} if one["AttributeName"] == "sk" else one
    for one in ours("x")["AttributeDefinitions"]
]
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an index is missing": (
        {"GlobalSecondaryIndexes": index("by_name")},
        "it lacks the index by_name",
    ),
    "all are missing": ({"GlobalSecondaryIndexes": []}, "it lacks the index due"),
    "an index is being built": (
        {"GlobalSecondaryIndexes": index("due", IndexStatus="CREATING")},
        "it has the index due CREATING: wait until it is ACTIVE",
    ),
    "an index has another key": (
        {
            "GlobalSecondaryIndexes": index(
                "due", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}]
            )
        },
        "it has the index due with the key pk, ours has duepk, duesk",
    ),
    "an index copies less": (
        {
            "GlobalSecondaryIndexes": index(
                "by_name", Projection={"ProjectionType": "KEYS_ONLY"}
            )
        },
        "it has the index by_name with other attributes than ours",
    ),
    "another key": (
        {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]},
        "it has the key id, ours has pk, sk",
    ),
    "a key of another kind": (
        {"AttributeDefinitions": NUMBER},
        "it has the key pk, sk, ours has pk, sk",
    ),
    "it is being restored": (
        {"TableStatus": "CREATING"},
        "it is CREATING: wait until it is ACTIVE",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize(
    "given", [{"CREATE_TABLE": "no"}, {"SERVED_TABLE": "contactbook-dev-r1"}]
)
def test_a_table_that_cannot_be_served_is_refused(
    account: Account,
    run: Run,
    kind: str,
    given: dict[str, str],
) -> None:
    """Before anything is deployed; the stack would stand, and every request fail."""
    changed, sentence = WRONG[kind]
    name = given.get("SERVED_TABLE", "contactbook-dev")
    account.holds(name, **changed)
    refused(
        account,
        run("up", FIRST | given),
        f"The table {name} cannot be served:",
        sentence,
    )


@pytest.mark.parametrize(
    ("given", "name"),
    [({"CREATE_TABLE": "no"}, "contactbook-dev"), ({"SERVED_TABLE": "typo"}, "typo")],
)
def test_a_table_that_is_not_there_is_refused(
    account: Account,
    run: Run,
    given: dict[str, str],
    name: str,
) -> None:
    refused(
        account, run("up", FIRST | given), f"There is no table {name} in this region."
    )


def test_a_table_that_a_destroy_has_kept_is_not_made_again(
    account: Account,
    run: Run,
) -> None:
    """Else the creation would fail half-way, and leave a dead stack."""
    account.holds("contactbook-dev")
    refused(account, run("up", FIRST), "already, kept by", "CREATE_TABLE=no")


def test_a_table_of_the_stack_may_grow_by_one_index_and_no_more(
    account: Account,
    run: Run,
) -> None:
    """What CloudFormation can do in one update; two would be rolled back."""
    account.stands()
    account.holds("contactbook-dev", GlobalSecondaryIndexes=index("by_score"))
    ended, said = run("up", FIRST)
    assert ended == 0
    assert "adds the index by_score to the table contactbook-dev" in said
    account.change(told=[])
    account.holds("contactbook-dev", GlobalSecondaryIndexes=index("by_score")[1:])
    refused(account, run("up", FIRST), "lacks the index", "An older table")


def test_a_table_that_is_not_armed_is_said(account: Account, run: Run) -> None:
    """A restore brings back neither recovery nor protection nor expiry."""
    account.holds(RESTORED, DeletionProtectionEnabled=False)
    account.change(backups=[], expiry=[])
    ended, said = run("up", FIRST | {"SERVED_TABLE": RESTORED})
    assert ended == 0
    assert (
        f"Note: {RESTORED} has no deletion protection, no point-in-time recovery, "
        "no time to live (expires_at)."
    ) in said
