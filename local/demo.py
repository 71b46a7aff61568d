"""Two workspaces with plausible contacts, made once, through the verbs that everybody
uses. The second is there so that isolation can be seen."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import phonenumbers

from chalicelib.model.errors import MemberExists, PhoneTaken, SlugTaken
from chalicelib.model.people import Person
from chalicelib.verbs import access, contacts, members, workspaces
from chalicelib.verbs import people as introduced
from local import people

# name, country, status, score, tags
EAGLE = """
Amara Okafor        NG new        35 family
Lucas Ferreira      BR contacted  48 student, referral
Priya Raghunathan   IN qualified  82 family, priority
Mateusz Kowalczyk   PL active     61 work permit
Fatima Al-Mansouri  AE converted  95 vip
Jonas Lindqvist     SE new        20 -
Nguyen Thi Mai      VN active     57 student
Carlos Mendoza      MX contacted  44 referral
Aisha Bello         NG qualified  77 work permit, priority
Hiroshi Tanaka      JP archived   12 -
Elena Petrova       BG active     66 family
David Mensah        GH new        28 student
Chloé Dubois        FR contacted  51 -
Samir Haddad        LB qualified  73 family
Grace Wanjiru       KE active     69 work permit
Oliver Braithwaite  GB lost        8 -
Mei Ling Tan        SG converted  91 vip, referral
Rajesh Kumar        IN contacted  39 student
Sofia Papadaki      GR new        31 -
Ibrahim Yilmaz      TR active     58 work permit
Anna Müller         DE qualified  80 priority
Kwame Asante        GH contacted  42 family
Maria Santos        PH active     63 work permit, referral
Tomás Herrera       CO new        25 student
Zanele Dlamini      ZA qualified  71 family
Ahmed Farouk        EG contacted  47 -
Bridget O'Sullivan  IE archived   15 -
Juan Dela Cruz      PH converted  88 work permit
Nadia Rahman        BD new        33 student
Pavel Novák         CZ active     54 -
Thandiwe Moyo       ZW contacted  40 family
Kim Min-jun         KR new        22 student
Isabella Rossi      IT lost        5 -
Yusuf Abdi          KE new        29 referral
Lakshmi Nair        IN converted  93 family, vip
Andrei Ionescu      RO active     60 work permit
Hannah Goldberg     IL contacted  45 -
Peter van Dijk      NL archived   18 -
Siti Nurhaliza      MY qualified  75 family
Emeka Nwosu         NG active     64 work permit
"""
HARBOR = """
Victor Hale         US active     70 cruise
Ingrid Solberg      NO new        30 -
Marco Bianchi       IT qualified  81 group, cruise
Leila Haddad        MA contacted  46 honeymoon
Stefan Krause       DE converted  90 group
"""
SOURCES = ("whatsapp", "website", "referral", "facebook", "walk-in")


def make(now: datetime) -> None:
    """The demo's people and workspaces; what is there already stays as it is."""
    for one in people.PEOPLE:
        introduced.keep(access.store(), partial(_told, one))
    _workspace("Eagle Overseas", "eagle-overseas", EAGLE, now)
    _workspace("Harbor Travel", "harbor-travel", HARBOR, now)


def _workspace(name: str, slug: str, contacts_of: str, now: datetime) -> None:
    store, (owner, *others) = access.store(), people.of(slug)
    with suppress(SlugTaken):
        workspaces.create(store, owner.sub, {"name": name, "slug": slug}, now=now)
    member = access.enter(store, slug, owner.sub)
    for one in others:
        with suppress(MemberExists):
            given = {"user_id": one.sub, "role": one.role}
            members.add(store, member, given, now=now)
        access.enter(store, slug, one.sub)  # who has come in once is shown by name
    lines = contacts_of.strip().splitlines()
    for number, line in enumerate(lines):
        # Spread over the last weeks, so that the newest is the first of the list.
        then = now - timedelta(hours=17 * number, minutes=7 * number)
        person = _person(line, number) | _assigned(slug, number)
        with suppress(PhoneTaken):  # an earlier start, cut short, has made this one
            contacts.create(store, member, person, now=then)


def _told(one: people.Played) -> Person:
    """As if he had signed in long ago: what he is told to be later counts more."""
    return Person(one.sub, one.name, one.email, one.email_verified, issued_at=1)


def _assigned(slug: str, number: int) -> dict[str, str]:
    """Every other contact of those who work with others is somebody's."""
    working = [one.sub for one in people.of(slug) if one.role != "viewer"]
    if number % 2 or not working[1:]:
        return {}
    return {"assigned_to": working[number // 2 % len(working)]}


def _person(line: str, number: int) -> dict[str, Any]:
    name, rest = line[:20].strip(), line[20:].split(maxsplit=3)
    country, status, score, tags = rest
    mailbox = name.lower().replace(" ", ".").encode("ascii", "ignore").decode()
    person = {
        "name": name,
        "phone": _phone(country, number),
        "lead_status": status,
        "lead_score": int(score),
        "tags": [] if tags == "-" else tags.split(", "),
        "source": SOURCES[number % len(SOURCES)],
        "metadata": {"country": country},
    }
    if number % 4:
        person["email"] = mailbox.replace("'", "") + "@example.com"
    return person


def _phone(country: str, number: int) -> str:
    """The country's example of a mobile number, a little moved so that it is unique."""
    mobile = phonenumbers.PhoneNumberType.MOBILE
    example: Any = phonenumbers.example_number_for_type(country, mobile)
    moved = phonenumbers.PhoneNumber(
        example.country_code, example.national_number + number
    )
    if not phonenumbers.is_valid_number(moved):
        moved = example
    return phonenumbers.format_number(moved, phonenumbers.PhoneNumberFormat.E164)
