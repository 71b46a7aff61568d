"""How people come in: HTTP and Lambda. Doors reach the store through verbs and jobs.

issuer       what an issuer publishes, fetched from its URL
identity     who calls: a bearer JWT in, a user id out
id_token     who somebody is, by an ID token of the page
conditional  If-Match and If-None-Match
asked        the parameters of a query: limits, cursors, whose
call         one request, as a route reads it
letter       what leads to an invitation: a link, a mail
answers      JSON, ETags, RFC 9457; the only place for status codes
parameters   ids in a path, a query, headers: how they are read and described
examples     real values for the description
shapes       the words of the model in JSON Schema
bodies       what a route takes and answers
people_bodies  the same for the routes of people
declared     what each route says of itself
problems     every refusal, in the description
links        where an answer leads, in the description
openapi      the description: OpenAPI 3.1 of the declared routes
console      the functions that an operator invokes from the AWS console
machines     what a machine is told, and where it may not go
http         every route goes in, every answer out through here
routes       URL > verb > JSON
"""
