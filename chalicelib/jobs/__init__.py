"""Long work: bounded, resumed by whoever comes, never lost. Jobs may call verbs.

lease      one worker at a time, and what is due when it dies
partition  empties a partition in batches
purge      the delete: fence, children, parent last, a second look
leftovers  what remains of a contact, for the operator
handover   a member leaves: what was assigned to him is handed over
statuses   a status that was closed goes when no contact has it
due        walks the list of what somebody must look at
"""
