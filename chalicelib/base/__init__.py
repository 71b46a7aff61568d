"""What every floor above may use. Nothing here knows a contact.

cost         what was spent: storage calls and capacity units
budget       how long a piece of work may take
log          one line of JSON an event
mail         sends a mail, by SES
settings     the one reader of the environment
"""
