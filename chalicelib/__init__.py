"""contactbook: one row means one row, gone means gone, and nobody sees another's.

The floors, low to high. A file imports from lower floors, and on its own floor only
what stands before it in the folder's docstring, which is that folder's map
(tests/test_house.py reads these docstrings, so the map cannot rot):

    model        what things are; pure, no I/O
    base         what every floor above may use: settings, log, cost, budget
    storage      where things lie: keys, conditions, items, the table
    commit       how anything changes: the steps of one transaction
    verbs        what people do
    jobs         long work: bounded, resumed by whoever comes
    doors        how people come in: HTTP and Lambda
    page         the Database page: HTML, CSS, ES modules; no Python

    browser > app.py > doors/routes/contacts.py > verbs/contacts.py > commit/commit.py
    console > app.py > doors/console.py > verbs/contacts.py > commit/commit.py
            > storage/table.py > DynamoDB
    data:     JSON > model value > item > DynamoDB, and back by the same steps
"""
