"""How people come in: HTTP and Lambda. Doors reach the store through verbs and jobs.

identity     who calls: a bearer JWT in, a user id out
conditional  If-Match and If-None-Match
call         one request, as a route reads it
answers      JSON, ETags, RFC 9457; the only place for status codes
console      the functions that an operator invokes from the AWS console
http         every route goes in, every answer out through here
routes       URL > verb > JSON
"""
