"""Bodies drawn at random from few values, so that they meet: the same phones, the same
words with and without accents, nothing at all."""

import random
from typing import Any

Json = dict[str, Any]

NAMES = (
    "Ada Lovelace",
    "Ada King",
    "José Müller-Lüdenscheid",
    "Müller",
    "Anna Maria Sophie von der Heide zu Königsberg und Altona",
    "Ö",
    "李小龍",
    "anna ANNA Anna",
    "x1 y2 z3",
)
PHONES = (*(f"+4474001234{n:02}" for n in range(8)), "+12025550123")
EMAILS = (
    "ada@example.org",
    "Ada@Example.org",
    "ada.lovelace@example.org",
    "a.b.c.d@mail.example.co.uk",
    "josé.müller@example.org".encode("ascii", "ignore").decode(),
    "anna_maria+news@heide-reisen.de",
)
STATUSES = ("new", "contacted", "active", "qualified", "lost")
TAGS = ("vip", "VIP", "Família", "x", "a long tag of several words")
SOURCES = ("whatsapp", "fair", "web form")
CHANNELS = ("whatsapp", "email", "phone", "sms", "other")
TALK_STATUSES = ("open", "closed", "snoozed")
EXTERNAL = tuple(f"wamid.{n}" for n in range(6))


def a_value(dice: random.Random, name: str) -> Any:
    match name:
        case "name":
            return dice.choice(NAMES)
        case "phone":
            return dice.choice(PHONES)
        case "email":
            return dice.choice(EMAILS)
        case "lead_status":
            return dice.choice(STATUSES)
        case "lead_score":
            return dice.randrange(0, 101, 25)
        case "tags":
            return dice.sample(TAGS, dice.randrange(4))
        case "assigned_to":
            return "amy"
        case "source":
            return dice.choice(SOURCES)
    return {dice.choice("abc"): dice.choice([1, "x", [1, 2], {"d": dice.randrange(3)}])}


FIELDS = (
    "name",
    "phone",
    "email",
    "lead_status",
    "lead_score",
    "tags",
    "assigned_to",
    "source",
    "metadata",
)


def a_body(dice: random.Random) -> Json:
    """What a new contact may be made of: a name, and some of the rest."""
    chosen = [name for name in FIELDS[1:] if dice.random() < 0.4]
    return {name: a_value(dice, name) for name in ["name", *chosen]}


def a_patch(dice: random.Random) -> Json:
    """One to four fields, some of them cleared; of metadata, also single members."""
    chosen = dice.sample(FIELDS, dice.choice([1, 1, 2, 4]))
    body = {name: a_value(dice, name) for name in chosen}
    for name in chosen:
        if dice.random() < 0.2:
            body[name] = None
    if isinstance(body.get("metadata"), dict) and dice.random() < 0.4:
        body["metadata"] |= {dice.choice("abc"): None}
    return body


def a_status(dice: random.Random) -> Json:
    body = {"lead_status": dice.choice(STATUSES)}
    return body | ({"from": dice.choice(STATUSES)} if dice.random() < 0.4 else {})
