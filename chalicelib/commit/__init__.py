"""How anything changes: the steps of ONE transaction. What is not in it
is not promised.

once         an effect that is asked for twice is had once
places       everywhere a living contact can be found
history      one row for each version of a contact
whole        a contact is two items, believed when they agree
children     what belongs to a contact is counted on it
keyring      the living tokens of a workspace: made and ended one after the other
membership   behind both names of the workspace, closed with its heir
inviting     the end of an invitation
commit       reads a contact, computes it changed, sends the transaction
"""
