"""Where things lie. Nothing here knows why.

conditions   on what condition a thing may be written
keys         THE place for keys: where things live
items        how a word of the model lies in an item of the table, and back
child_items  the same for notes, conversations and messages
expressions  what a write is, and how DynamoDB spells it
table        the only file that calls DynamoDB
"""
