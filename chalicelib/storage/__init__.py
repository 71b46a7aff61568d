"""Where things lie. Nothing here knows why.

conditions   on what condition a thing may be written
shapes       what a key is, and a run of items
keys         THE place for keys: where things live
feed         the keys of what was touched, and what has gone, by time
entry        the keys of coming in: invitations, tokens
items        how a word of the model lies in an item of the table, and back
child_items  the same for notes, conversations and messages
token_items  the same for the tokens of machines
job_items    the same for jobs
entry_items  the same for people and invitations
expressions  what a write is, and how DynamoDB spells it
guard        no request of a workspace names a key of another
table        the only file that calls DynamoDB
"""
