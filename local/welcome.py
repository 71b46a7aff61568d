"""What `serve` and `engine` print when they are ready."""

from pathlib import Path

WELCOME = """
contactbook at {base}    (ctrl-C stops it; the data is kept in {place})

  The page    {page}

  AUTH="Authorization: Bearer {token}"
  URL={base}/workspaces/eagle-overseas/contacts
  curl -s "$URL?limit=3" -H "$AUTH"
  ADA='{{"name":"Ada Lovelace","email":"ada@example.org"}}'
  NEW=$(curl -s $URL -H "$AUTH" --json "$ADA" | grep -o 'con_[0-9A-Z]*' | head -1)
  curl -s $URL/$NEW -H "$AUTH"
  curl -s -X PATCH $URL/$NEW -H "$AUTH" --json '{{"name":"Ada King"}}'
  curl -s -X PUT $URL/$NEW/status -H "$AUTH" --json '{{"lead_status":"qualified"}}'
  curl -s -X DELETE $URL/$NEW -H "$AUTH"
"""
EMPTY = """
contactbook at {base}    (ctrl-C stops it; the data is kept in {place})

  The page    {page}
  A token     python -m local token USER
"""
ENGINE = """
The engine runs at {endpoint}    (ctrl-C stops it; the data is kept in {place})

  {place_said}.venv/bin/chalice local --stage local --no-autoreload
  {place_said}.venv/bin/python -m local token {user}
"""


def served(base: str, place: Path, token: str | None, asks_who: bool) -> str:
    """How to come in: the page asks who one is, or takes the token of its address; a
    token is there with the demo only."""
    page = f"{base}/    (choose who you are)" if asks_who else base
    if token is None:
        return EMPTY.format(base=base, place=place, page=page)
    if not asks_who:
        page = f"{base}/#token={token}"
    return WELCOME.format(base=base, place=place, token=token, page=page)


def engine(endpoint: str, place: Path, told: bool, user: str) -> str:
    """How to go on beside an engine; the data's place is said if it was told."""
    place_said = f"DATA_DIR={place} " if told else ""
    return ENGINE.format(
        endpoint=endpoint, place=place, place_said=place_said, user=user
    )
