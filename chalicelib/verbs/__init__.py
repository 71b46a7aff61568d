"""What people do. No verb imports another, but access: it lets them in.

access         who may enter: makes the Member that every verb asks for
workspaces     create, settings, list one's own
people         who a user is; which invitations wait for him
members        list, add, change the role, remove
assignments    what is assigned to a member, counted
tokens         list, make, revoke: how machines come in
contacts       create, get, change, set the status
invitations    list, create, take back; the mail is noted
joining        accept, decline
changes        what is new since a time, for who keeps a copy
search         lists, filters, text
notes          list, add, change, remove
conversations  list, start, change
messages       list, receive: each exactly once
"""
