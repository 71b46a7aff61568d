"""How anything changes: the steps of one transaction.

claims       a phone and an e-mail belong to one contact
children     what belongs to a contact is counted on it
"""
