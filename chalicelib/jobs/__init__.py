"""Long work: bounded, resumed by whoever comes, never lost. Jobs may call verbs.

purge        the delete: fence, children, parent last
leftovers    what remains of a contact, for the operator
"""
