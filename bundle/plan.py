"""What a deployment will do, found out before anything is done: only with questions.

Whatever cannot work is a refusal, in a sentence that says what to do; what somebody
should know is a note.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from bundle import account, cli, issuer, stack, table
from bundle.stack import Stack, Value
from chalicelib.base import settings

KEPT = """There is a table {name} already, kept by a destroy or by a first deployment
that failed. Serve it: CREATE_TABLE=no. (To begin anew, remove it first:
docs/operations.md, "Destroy".)"""
NO_TABLE = """There is no table {name} in this region. SERVED_TABLE names the table of
the stack, or one that was restored; CREATE_TABLE=no says that it is there already."""
NOT_OURS = """The table {name} cannot be served:
{faults}
docs/operations.md, "An older table" and "Restore the table"."""
READ_ONLY = """every change is refused (503 read_only), and the schedule rests, until
READ_ONLY=no is deployed."""
NO_BUCKET = "Name a bucket of yours in this region for the zip: BUNDLE_BUCKET=..."
LETS_GO = """the stack lets go of the table {name}: it stays, and CloudFormation no
longer changes or removes it."""
NO_ISSUER = "Without CREATE_USER_POOL=yes a deployment needs to be told: set {missing}."
OWN_ISSUER = "the stack's own user pool is the issuer; it is not asked."
GROWS = "CloudFormation adds the index {index} to the table {name}."


@dataclass
class Plan:
    """What is there, what the stack will be told, and what stands against it."""

    stage: str
    stack: Stack | None
    values: dict[str, Value]
    steps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"contactbook-{self.stage}"

    @property
    def is_dead(self) -> bool:
        return self.stack is not None and self.stack.is_dead

    @property
    def makes_table(self) -> bool:
        return self.value("CreateTable") == "yes"

    @property
    def makes_issuer(self) -> bool:
        return self.value("CreateUserPool") == "yes"

    def value(self, parameter: str) -> str:
        found = self.values.get(parameter)
        return found.value if found else ""

    @property
    def overrides(self) -> list[str]:
        """For the CLI: all but the defaults, which are the template's."""
        return [
            f"{parameter}={value.value}"
            for parameter, value in self.values.items()
            if value.origin != "default"
        ]


def of(stage: str, environ: Mapping[str, str]) -> Plan:
    """Looks at the stack, the table, the issuer and the account; raises Stopped when it
    may not look at what it has to know."""
    found = stack.find(stage)
    plan = Plan(stage, found, stack.values(stage, found, environ))
    _look_at_stack(plan)
    is_sound = _look_at_values(plan)
    _look_at_table(plan)
    if plan.makes_issuer:
        plan.notes.append(OWN_ISSUER)
    elif is_sound:
        _look_at_issuer(plan, environ)
    _look_at_account(plan, environ)
    return plan


def told(plan: Plan) -> str:
    """The plan, for the person at the terminal."""
    lines = [*plan.steps, "It is told:", *(one.told for one in plan.values.values())]
    lines += [f"Note: {note}" for note in plan.notes]
    return "\n".join(lines)


def _look_at_values(plan: Plan) -> bool:
    """Whether the functions would start with what they are told."""
    before = len(plan.refusals)
    told = {one.word: one.value for one in plan.values.values()}
    missing = [word for word in stack.REQUIRED if not told.get(word)]
    if missing and not plan.makes_issuer:
        plan.refusals.append(NO_ISSUER.format(missing=", ".join(missing)))
    plan.refusals += filter(
        None, (stack.unacceptable(one, name) for name, one in plan.values.items())
    )
    if told.get("READ_ONLY") == "yes":
        plan.notes.append(READ_ONLY)
    if len(plan.refusals) == before and not plan.makes_issuer:
        try:
            settings.read({**told, "TABLE_NAME": plan.value("ServedTable")})
        except ValueError as wrong:
            plan.refusals.append(f"The functions would not start: {wrong}.")
    return len(plan.refusals) == before


def _look_at_stack(plan: Plan) -> None:
    found = plan.stack
    if found is None:
        plan.steps.append(f"There is no stack {plan.name}: it is made.")
    elif found.obstacle:
        plan.refusals.append(found.obstacle)
    elif found.is_dead:
        plan.steps.append(
            f"The stack {plan.name} is {found.status}: it never stood, or is half "
            "gone. It is removed, and made again with what it was told."
        )
    else:
        plan.steps.append(f"The stack {plan.name} is {found.status}: it is changed.")


def _look_at_table(plan: Plan) -> None:
    own, served = plan.name, plan.value("ServedTable")
    owned = plan.stack is not None and plan.stack.owns_table
    if plan.makes_table and not owned:
        _make_table(plan, own)
        if served == own and plan.makes_table:
            return
    if owned and not plan.makes_table:
        plan.notes.append(LETS_GO.format(name=own))
    found = table.find(served)
    if found is None:
        plan.refusals.append(NO_TABLE.format(name=served))
        return
    faults, missing = table.faults(found), table.missing_indexes(found)
    # CloudFormation makes one index in an update, and no more.
    if owned and served == own and len(missing) == len(faults) == 1:
        plan.notes.append(GROWS.format(index=missing[0], name=own))
        faults = []
    if faults:
        listed = "\n".join(f"  it {fault}" for fault in faults)
        plan.refusals.append(NOT_OURS.format(name=served, faults=listed))
        return
    plan.steps.append(f"The table {served} is there, and is one of ours.")
    _look_for_arms(plan, served, found)


def _make_table(plan: Plan, own: str) -> None:
    if table.find(own) is None:
        plan.steps.append(f"The table {own} is made.")
    elif plan.is_dead:
        # The failed creation has left it, for it is retained.
        plan.values["CreateTable"] = Value("CREATE_TABLE", "no", "the table is there")
    else:
        plan.refusals.append(KEPT.format(name=own))


def _look_at_issuer(plan: Plan, environ: Mapping[str, str]) -> None:
    given = {parameter: one.value for parameter, one in plan.values.items()}
    told = issuer.look(given, environ)
    plan.steps += filter(None, [told.seen])
    plan.notes += told.notes
    plan.refusals += told.refusals


def _look_at_account(plan: Plan, environ: Mapping[str, str]) -> None:
    with _seen(plan, "the quota of the account"):
        step, refusals, notes = account.quota(reserves=_reserves(plan))
        plan.steps.append(step)
        plan.refusals += refusals
        plan.notes += notes
    bucket = environ.get("BUNDLE_BUCKET")
    if not bucket:
        plan.refusals.append(NO_BUCKET)
        return
    with _seen(plan, f"the bucket {bucket}"):
        fault = account.bucket_fault(bucket, cli.region(environ))
        plan.refusals += filter(None, [fault])


def _reserves(plan: Plan) -> bool:
    """Whether concurrency is reserved now; a stack that stands may have its own."""
    before = {} if plan.stack is None or plan.is_dead else plan.stack.parameters
    has = before.get("ReserveConcurrency") == "yes"
    return plan.value("ReserveConcurrency") == "yes" and not has


def _look_for_arms(plan: Plan, name: str, found: table.Json) -> None:
    with _seen(plan, f"what protects {name}"):
        if unarmed := table.unarmed(found):
            plan.notes.append(
                f"{name} has no {', no '.join(unarmed)}. docs/operations.md, "
                '"Restore the table", step 3 has the commands.'
            )


@contextmanager
def _seen(plan: Plan, what: str) -> Iterator[None]:
    """What need not be known may stay unseen, and that is said."""
    try:
        yield
    except cli.Stopped as stopped:
        plan.notes.append(f"{what} cannot be seen: {stopped}")
