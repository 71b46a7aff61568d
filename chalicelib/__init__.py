"""contactbook: one row means one row, gone means gone, and nobody sees another's.

The floors, low to high; imports only point down (tests/test_house.py holds this):

    errors       the refusals, in the words of the business
    cost         what was spent: storage calls and capacity units
    budget       how long a piece of work may take
    settings     the one reader of the environment
    body         strict JSON, and the merge patch
    model        the words: Workspace, Member, Contact, ...; ids and time
    parsers      one untrusted value in, one trusted value out
    fields       which thing has which fields; names every bad one
    identity     who calls: a bearer JWT in, a user id out
    keys         THE place for keys and conditions: where things live, on what condition
    items        how a word of the model lies in an item of the table, and back
    child_items  the same for notes, conversations and messages
    expressions  what a write is, and how DynamoDB spells it
    table        the only file that calls DynamoDB
    access       who may enter: makes the Member that every verb asks for
    claims       a phone and an e-mail belong to one contact
    children     what belongs to a contact is counted on it
    workspaces members contacts search notes conversations
                 the verbs; they do not import one another
    cascade      the delete: fence, children, parent last
    leftovers    what remains of a contact, for the operator
    call         one request, as a route reads it
    answers      JSON, ETags, RFC 9457; the only place for status codes
    console      the functions that an operator invokes from the AWS console
    http         every route goes in, every answer out through here
    routes       URL > verb > JSON
    app.py       the list of doors

    browser > app.py > routes/contacts.py > contacts.py > table.py > DynamoDB
    console > app.py > console.py > contacts.py | cascade.py > table.py > DynamoDB
    data:     JSON > model value > item > DynamoDB, and back by the same steps
"""
