"""What things are: the language of the business. Pure, no I/O.

errors         the refusals, in the words of the business
clock          time as the contract spells it
ids            ids carry their kind; what is no id goes no further
secret         the secret of a machine's token: its spelling, its hash
words          Workspace, Member, Contact, Note, Message, Deletion, ...
people         Person, Membership, Invitation, Token
people_errors  the refusals of invitations and tokens
terms          the terms by which a contact can be found
strict_json    strict JSON, and the merge patch
parsers        one untrusted value in, one trusted value out; and its schema
phones         how people write a phone
statuses       the statuses of a workspace
fields         which thing has which fields; names every bad one
"""
