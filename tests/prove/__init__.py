"""The proofs: what the service promises of every case, tried on thousands of them.

Each proof has a short version in the normal run (tests/test_prove_*.py) and its long
one here; each case is drawn from a seed, so a failure can be had again.

proof        what a proof is, and the ground that it stands on
expected     where a contact can be found, from the contract's words alone
book         a workspace as plain dicts: what each verb should answer
drawn        bodies from few values, so that they meet
predicted    each item of the table, as a book predicts it
look         the whole of a workspace against its book
model        random verbs, each answer and now and then the whole against the book
retries      the key with which a request is sent again
deeds        every verb that writes, by name
kills        killed between any two storage calls
linear       whether a history has an order in which everything makes sense
machine      what a contact may answer in which state
hands        what a member does at a contact: by the verbs, or over HTTP
histories    many at one contact at once, recorded and judged
tenants      three workspaces, each with everything, and the words that mark them
asking       requests drawn at random, with ids of all three mixed
isolation    what is another's looks like what is not there
going        so does what is being deleted
doors        both ways in, with the demo data behind each
spelled      values of our formats, which JSON Schema cannot spell
excused      the refusals that a description cannot foresee
contract     the API against its own description, by schemathesis

    make prove
    python -m tests.prove isolation kills --seed 7 --factor 0.1
"""
