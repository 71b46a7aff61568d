"""Raw requests that nobody's client would send: broken in the line, the target, the
headers, the framing, the body. test_http_raw.py puts them together.
"""

import json

CON = "con_" + "0" * 26
BIG = b"9" * 5000

METHODS = (
    "get Get FOO TRACE CONNECT PROPFIND PRI M-SEARCH ! * X GETGET OPTIONS HEAD DELETE "
    "PUT PATCH POST G\x00T G\xe9T GET\t GE(T {} " + "A" * 3000
).split(" ")

# After /workspaces/SLUG/contacts.
PLACES = [
    f"/{CON};x=1",
    f"/{CON};",
    f";x=1/{CON}",
    f"/{CON}%3Bx=1",
    f"/{CON}#part",
    f"/{CON}%23",
    f"/{CON}%00",
    f"/{CON}%0d%0aX:%20y",
    f"/{CON}%20",
    f"/{CON}/",
    f"//{CON}",
    f"/{CON.upper()}",
    f"/./{CON}",
    f"/../contacts/{CON}",
    f"/%2e%2e/contacts/{CON}",
    f"/%2e%2e%2f{CON}",
    f"/..%5c{CON}",
    "/%",
    "/%zz",
    "/%u0041",
    "/%C0%AE",
    "/%ED%A0%80",
    "/%F4%90%80%80",
    "/%EF%BF%BE",
    "/%FF%FE",
    "/con_%F0%9F%98%80",
    "/{contact_id}",
    "/*",
    "/" + "a" * 8000,
    "/" + "%41" * 5000,
    "?limit=" + "9" * 5000,
    "?limit=1e3",
    "?limit=%31%00",
    "?limit=-0",
    "?limit=\u0663".encode().decode("latin-1"),
    "?limit=1;limit=2",
    "?" + "&" * 3000,
    "?" + "a=1&" * 2000,
    "?=&=",
    "?q=%00",
    "?q=%ED%A0%80",
    "?q=%",
    "?q=" + "%F0%9F%98%80" * 99,
    "?cursor=%00%FF",
    "?cursor=" + "A" * 9000,
    "?cursor=con_" + "Z" * 26,
    "?limit[]=1",
    "?limit=1#fragment",
    "?limit=1?limit=2",
]

TARGETS = [
    *("*", "/", "//", "///me", "/\\", "me", "?", "#", "/#", ";", "/;", "/me;", "/me?#"),
    *(
        "http://",
        "http://x",
        "http://x/me",
        "http://[/me",
        "HTTPS://x:y@z:1/me?limit=1",
    ),
    *(
        "x:/me",
        "127.0.0.1:443",
        "/%2fme",
        "/me%2f",
        "/%6de",
        "/workspaces/%ff%fe/contacts",
        "//[",
        "//evil.org/me",
    ),
    *("/page/../app.py", "/page/x/%2e%2e%2fapp.py", "/page/x/..%2f..%2fetc", "/^|{}`"),
]

LINES = [
    *(
        b"GET",
        b"GET /me",
        b"GET  /me HTTP/1.1",
        b"GET /me HTTP/1.1 ",
        b" GET /me HTTP/1.1",
    ),
    *(
        b"GET /me HTTP/1.1 x",
        b"GET /me\xa0HTTP/1.1",
        b"GET /me\tHTTP/1.1",
        b"\x00",
        b":",
    ),
    *(b"GET /\xff HTTP/1.1", b"\xff\xfe\xfd", b"\x16\x03\x01\x02\x00\x01\x00", b"{}"),
    *(b"GET /m\x00e HTTP/1.1", b"GET /m\x7fe HTTP/1.1", b"GET /me\x85 HTTP/1.1"),
    *(b"GET /" + b"a" * 70_000 + b" HTTP/1.1", b"A" * 70_000, b"NONSENSE"),
    *(
        b"GET /me " + version
        for version in (b"HTTP/0.9", b"HTTP/1", b"HTTP/1.", b"HTTP")
    ),
    *(b"GET /me " + version for version in (b"HTTP/2.0", b"HTTP/9.9", b"HTTP/-1.1")),
    *(b"GET /me " + version for version in (b"http/1.1", b"HTTP/1.1.1", b"HTTP/1.x")),
    *(b"GET /me " + version for version in (b"HTTPS/1.1", b"HTTP/1.0", b"HTTP/1.2")),
    *(b"GET /me HTTP/" + BIG, b"GET /me HTTP/1." + BIG, b"PRI * HTTP/2.0"),
]

HEADERS = [
    *(b"X: " + b"a" * 70_000, b"X: y\r\n" * 200 + b"X: y", b"NoColon", b": no name"),
    *(
        b"X : space",
        b" X: leading",
        b"X: one\r\n two",
        b"X: one\r\n\ttwo",
        b"X: a\rB: c",
    ),
    *(b"X: \x00", b"X: \x7f", b"X\x00: y", b"X\xff: y", b"X: \xff", b"X:", b"X:\x0b"),
    *(
        b"Host: a\r\nHost: b",
        b"Host: \xff",
        b"Connection: \xff, close",
        b"Connection:,",
    ),
    *(
        b"Authorization: Bearer \xff\xfe",
        b"Authorization: Basic Og==",
        b"Authorization:",
    ),
    *(b"Authorization: Bearer " + b"a." * 9000, b"Authorization: Bearer a\r\n b"),
    *(b"Authorization: Bearer e30.e30.e30", b"Authorization: Bearer ..", b"From me"),
    *(
        b"If-None-Match: " + b'"' * 9000,
        b'If-Match: W/"' + BIG + b'"',
        b"If-Match: \xff",
    ),
    *(
        b"Expect: 100-continue",
        b"Expect: the moon",
        b"Upgrade: h2c\r\nConnection: upgrade",
    ),
    *(
        b"Content-Encoding: gzip",
        b"Accept: \xff",
        b"Accept: a/b;q=9",
        b"Range: bytes=-1",
    ),
    *(b"Origin: null", b"X-Forwarded-Host: evil", b"X-HTTP-Method-Override: DELETE"),
    *(
        b"Idempotency-Key: " + b"k" * 9000,
        b"Idempotency-Key: \xff",
        b"Idempotency-Key:",
    ),
]

# Headers about the body, and what comes behind them.
FRAMINGS = [
    *(
        (b"Content-Length: " + length, b"{}")
        for length in (b"", b"x", b"-5", b"+2", BIG)
    ),
    *(
        (b"Content-Length: " + length, b"{}")
        for length in (b"0x2", b"2, 2", b"2 2", b"1_0")
    ),
    *(
        (b"Content-Length: " + length, b"{}")
        for length in (b"\xb2", b"3", b"999", b"2.0")
    ),
    (b"Content-Length: 999999999999999", b"{}"),
    (b"Content-Length: 1\r\nContent-Length: 2", b"{}"),
    (b"Content-Length: 2\r\nContent-Length: 2", b"{}"),
    (b"Content-Length: 2\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
    (b"Transfer-Encoding: chunked\r\nContent-Length: 2", b"2\r\n{}\r\n0\r\n\r\n"),
    *((b"Transfer-Encoding: " + coding, b"0\r\n\r\n") for coding in (b"xchunked", b"")),
    *(
        (b"Transfer-Encoding: " + coding, b"0\r\n\r\n")
        for coding in (b"gzip", b"identity")
    ),
    (b"Transfer-Encoding: chunked, gzip", b"0\r\n\r\n"),
    (b"Transfer-Encoding: gzip, chunked", b"0\r\n\r\n"),
    (b"Transfer-Encoding: chunked, chunked", b"0\r\n\r\n"),
    (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
    (b"Transfer-Encoding: \x0bchunked", b"0\r\n\r\n"),
    (b"Transfer-Encoding : chunked", b"0\r\n\r\n"),
    *(
        (b"Transfer-Encoding: chunked", chunks)
        for chunks in (
            *(b"", b"0", b"0\r\n", b"zz\r\n", b"-5\r\n", b"+2\r\n{}\r\n0\r\n\r\n"),
            *(b"2\r\n{}", b"2\r\n{}0\r\n\r\n", b"1\r\n{}\r\n0\r\n\r\n", b"3\r\n{}\r\n"),
            *(b"2\n{}\n0\n\n", b"2 \r\n{}\r\n0\r\n\r\n", b"0x2\r\n{}\r\n0\r\n\r\n"),
            *(b"2;a=b\r\n{}\r\n0\r\n\r\n", b"2;\x00\r\n{}\r\n0\r\n\r\n"),
            *(b"2;" + b"a" * 5000 + b"\r\n{}\r\n0\r\n\r\n", b"\r\n0\r\n\r\n"),
            *(b"FFFFFFFFFFFFFFFF\r\n", b"ffffffffffff\r\n{}", b"1\r\n{\r\n" * 2000),
            *(
                b"0\r\nX: y\r\n\r\n",
                b"0\r\nnonsense\r\n\r\n",
                b"0\r\n" + b"X: y\r\n" * 300,
            ),
            *(b"00000000000000002\r\n{}\r\n0\r\n\r\n", b"\xb2\r\n{}\r\n0\r\n\r\n"),
        )
    ),
]

BODIES = [
    *(
        b"",
        b" ",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"null",
        b"true",
        b"0",
        b'""',
        b"[]",
    ),
    *(
        b"{",
        b"}",
        b"{}{}",
        b"{,}",
        b'{"name"}',
        b'{"name":}',
        b"{'name':'x'}",
        b"{name:1}",
    ),
    *(b'{"lead_score": ' + BIG + b"}", b'{"lead_score": -' + BIG + b"}", BIG),
    *(b'{"lead_score": 1e999}', b'{"lead_score": NaN}', b'{"lead_score": -Infinity}'),
    *(b'{"lead_score": 1E' + BIG + b"}", b'{"lead_score": 0.' + BIG + b"}"),
    *(b'{"metadata": {"n": ' + BIG + b"}}", b'{"metadata": {"n": 1e400}}'),
    *(b'{"name": "\\ud800"}', b'{"name": "\\udc00\\ud800"}', b'{"\\ud800": 1}'),
    *(
        b'{"metadata": {"\\udfff": 1}}',
        b'{"tags": ["\\ud83d"]}',
        b'{"name": "\xed\xa0\x80"}',
    ),
    *(
        b'{"name": "\\u0000"}',
        b'{"name": "\x00"}',
        b'{"name": "a\nb"}',
        b'{"name": "\\x"}',
    ),
    *(
        b'{"name": "\xff"}',
        b'{"name": 1, "name": 2}',
        b'{"__proto__": {}}',
        b'{"": ""}',
    ),
    *(
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"metadata": ' + b"[" * 300 + b"]" * 300 + b"}",
    ),
    *(
        b'{"name": ' + b'"x' * 9000,
        b'{"phone": "' + b"+" * 5000 + b'"}',
        b'{"email": "@"}',
    ),
    *(b'{"tags": "x"}', b'{"name": []}', b'{"lead_status": {}}', b'{"metadata": []}'),
    json.dumps({f"field-{n}": n for n in range(5000)}).encode(),
    "\ufeff{}".encode("utf-16"),
]
