"""The peers of bench/cold_start.py: each answers one PATCH of one contact with one
conditional UpdateItem, in the way that its documentation shows."""

from typing import Any

EVENT: dict[str, Any] = {
    "resource": "/contacts/{contact_id}",
    "path": "/contacts/one",
    "httpMethod": "PATCH",
    "headers": {"Content-Type": "application/json"},
    "multiValueHeaders": {"Content-Type": ["application/json"]},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": {"contact_id": "one"},
    "stageVariables": None,
    "requestContext": {
        "resourcePath": "/contacts/{contact_id}",
        "httpMethod": "PATCH",
        "path": "/contacts/one",
        "stage": "api",
        "identity": {"sourceIp": "192.0.2.1"},
    },
    "body": '{"name":"Ada King"}',
    "isBase64Encoded": False,
}

BARE = """
import json
def app(event, context):
    return {"statusCode": 200, "body": json.dumps(json.loads(event["body"]))}
"""

CHANGE = """
def change(contact_id, name):
    answer = client.update_item(
        TableName="bench", Key={"pk": {"S": "peer"}, "sk": {"S": contact_id}},
        UpdateExpression="SET #n = :n", ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeNames={"#n": "name"},
        ExpressionAttributeValues={":n": {"S": name}}, ReturnValues="ALL_NEW")
    return {"id": contact_id, "name": answer["Attributes"]["name"]["S"]}
"""

BOTO3 = f"""
import json
import boto3
client = boto3.client("dynamodb")
{CHANGE}
def app(event, context):
    name = json.loads(event["body"])["name"]
    return {{"statusCode": 200, "body": json.dumps(change("one", name))}}
"""

CHALICE = f"""
import boto3
from chalice.app import Chalice
app = Chalice(app_name="hello")
client = boto3.client("dynamodb")
{CHANGE}
@app.route("/contacts/{{contact_id}}", methods=["PATCH"])
def patch(contact_id):
    return change(contact_id, app.current_request.json_body["name"])
"""

FASTAPI = """
import os
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

class Contact(Model):
    class Meta:
        table_name = "bench"
        region = "us-east-1"
        host = os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute(null=True)

class Change(BaseModel):
    name: str

api = FastAPI()

@api.patch("/contacts/{contact_id}")
def patch(contact_id: str, change: Change):
    contact = Contact("peer", contact_id)
    contact.update([Contact.name.set(change.name)], Contact.pk.exists())
    return {"id": contact_id, "name": contact.name}

app = Mangum(api, lifespan="off")
"""

USUAL = f"""
import boto3
import jwt
from chalice.app import Chalice
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, Field

app = Chalice(app_name="usual")
client = boto3.client("dynamodb")

class Change(BaseModel):
    name: str = Field(min_length=1, max_length=100)
{CHANGE}
# A key of its own: what is measured is the check, which takes no more than ours.
private = Ed25519PrivateKey.generate()
token = jwt.encode({{"sub": "amy", "aud": "bench"}}, private, algorithm="EdDSA")

@app.route("/contacts/{{contact_id}}", methods=["PATCH"])
def patch(contact_id):
    jwt.decode(token, private.public_key(), algorithms=["EdDSA"], audience="bench")
    body = Change.model_validate_json(app.current_request.raw_body)
    return change(contact_id, body.name)
"""

FASTAPI_VERSIONS = "fastapi==0.165.0 mangum==0.22.0 pynamodb==6.1.0"

# Name, source, and what is installed beside it.
PEERS = {
    "bare handler": (BARE, ""),
    "boto3 alone": (BOTO3, "boto3==1.44.5"),
    "chalice boto3": (CHALICE, "chalice boto3==1.44.5"),
    "fastapi mangum pynamodb": (FASTAPI, FASTAPI_VERSIONS),
    "usual chalice": (
        USUAL,
        "chalice boto3==1.44.5 pydantic==2.14.3 PyJWT[crypto]==2.15.1",
    ),
}
