"""The list of doors. No logic here: routes are chalicelib/routes, functions console.py.

Lambda functions live on `app` itself, not in a Blueprint: on Lambda the handler of a
blueprint's function would be its own module, and this file would never run.
"""

from typing import Any

from chalicelib.doors import console, http
from chalicelib.doors.routes import (
    changes,
    config,
    contacts,
    contract,
    conversations,
    invitations,
    jobs,
    messages,
    notes,
    page,
    people,
    tokens,
    workspaces,
)

# Chalice would turn the log of this name down to errors: the log is base/log.py's.
app = http.Door(app_name="contactbook", configure_logs=False)
http.open_for(app)

app.register_blueprint(people.blueprint)
app.register_blueprint(workspaces.blueprint)
app.register_blueprint(tokens.blueprint)
app.register_blueprint(jobs.blueprint)
app.register_blueprint(invitations.blueprint)
app.register_blueprint(contacts.blueprint)
app.register_blueprint(changes.blueprint)
app.register_blueprint(notes.blueprint)
app.register_blueprint(conversations.blueprint)
app.register_blueprint(messages.blueprint)
app.register_blueprint(page.blueprint)
app.register_blueprint(config.blueprint)
app.register_blueprint(contract.blueprint)


@app.lambda_function(name="update_contact")
def update_contact(event: Any, context: Any) -> Any:
    return console.run(console.update_contact, event)


@app.lambda_function(name="update_contact_status")
def update_contact_status(event: Any, context: Any) -> Any:
    return console.run(console.update_contact_status, event)


@app.lambda_function(name="delete_contact")
def delete_contact(event: Any, context: Any) -> Any:
    return console.run(console.delete_contact, event)


@app.lambda_function(name="create_workspace")
def create_workspace(event: Any, context: Any) -> Any:
    return console.run(console.create_workspace, event)


@app.lambda_function(name="add_member")
def add_member(event: Any, context: Any) -> Any:
    return console.run(console.add_member, event)


@app.lambda_function(name="resume_deletions")
def resume_deletions(event: Any, context: Any) -> Any:
    return console.run(console.resume_deletions, event)


@app.schedule("rate(1 minute)", name="resume_deletions_on_schedule")
def resume_deletions_on_schedule(event: Any) -> Any:
    return console.run(console.resume_deletions_on_schedule, {})


@app.lambda_function(name="check_leftovers")
def check_leftovers(event: Any, context: Any) -> Any:
    return console.run(console.check_leftovers, event)
