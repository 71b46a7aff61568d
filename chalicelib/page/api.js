// The way to the server: public routes only, the token in a header, and every refusal
// as a Problem with the server's own sentence.

import { token } from "./session.js";

// This file is PLACE/page/BUILD/api.js; the API is at PLACE: "/" here, "/api/" on AWS.
const BASE = new URL("../../", import.meta.url);
const TRIES = 3;

/** A refusal (RFC 9457): status, code, detail, requestId, errors, and what it carries. */
export class Problem extends Error {
  constructor(status, told, requestId) {
    super(told.detail ?? "The server answered with something unexpected.");
    Object.assign(this, { code: "unexpected", errors: [] }, told, { status, requestId });
  }
}

/** A path of whole segments. `undefined` never becomes part of an address. */
export function path(...parts) {
  for (const part of parts) {
    if (typeof part !== "string" || part === "") {
      throw new TypeError(`Not a part of an address: ${part} in ${parts.join("/")}`);
    }
  }
  return parts.map(encodeURIComponent).join("/");
}

export const get = (where, query, signal) => call("GET", where, { query, signal });
export const post = (where, body) => call("POST", where, { body });
export const patch = (where, body, version) => call("PATCH", where, { body, version });
export const put = (where, body) => call("PUT", where, { body });
export const remove = (where, version) => call("DELETE", where, { version });

async function call(method, where, { query = {}, body, version, signal } = {}) {
  const address = new URL(where, BASE);
  for (const [name, value] of Object.entries(query)) {
    if (value) address.searchParams.set(name, value);
  }
  const request = { method, headers: headersOf(method, body, version), signal };
  if (body) request.body = JSON.stringify(body);
  for (let tries = 1; ; tries++) {
    const answer = await send(address, request);
    const wait = Number(answer.headers.get("Retry-After"));
    // "Not now" changed nothing, and a repeated POST has its key: asking again is safe.
    const again = [429, 503].includes(answer.status) && tries < TRIES && wait <= 5;
    if (!again) return read(answer);
    await new Promise((resume) => setTimeout(resume, wait * 1000));
  }
}

function headersOf(method, body, version) {
  const headers = { Accept: "application/json", Authorization: `Bearer ${token()}` };
  if (body) headers["Content-Type"] = "application/json";
  if (method === "POST") headers["Idempotency-Key"] = crypto.randomUUID();
  // Lists carry no ETag, but an ETag begins with the version, and that is compared.
  if (version) headers["If-Match"] = `"${version}"`;
  return headers;
}

async function send(address, request) {
  try {
    return await fetch(address, request);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    const detail = "The server cannot be reached. Check the connection.";
    throw new Problem(0, { code: "unreachable", detail }, null);
  }
}

async function read(answer) {
  const text = await answer.text();
  const requestId = answer.headers.get("X-Request-Id");
  let told = {};
  try {
    told = text ? JSON.parse(text) : {};
  } catch {
    throw new Problem(answer.status, {}, requestId);
  }
  if (answer.ok) return told;
  const problem = new Problem(answer.status, told, told.request_id ?? requestId);
  if (answer.status === 401) dispatchEvent(new CustomEvent("signedout", { detail: problem }));
  throw problem;
}
