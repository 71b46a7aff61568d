// The way to the server: public routes only, the token in a header, and every refusal
// as a Problem with the server's own sentence.

import { fresh, renew, session, token } from "./session.js";

// This file is PLACE/page/BUILD/core/api.js; the API is at PLACE: "/" here, "/api/" on AWS.
const BASE = new URL("../../../", import.meta.url);
const TRIES = 3;
const PAUSE = 0.5; // seconds before the next try, unless the answer says how many
const LONGEST = 5; // seconds: nobody waits longer without being told why
// No answer (0), or that of a gateway that got none itself: who knows what happened.
const LOST = [0, 502, 504];
const AGAIN = [...LOST, 429, 503];
const OFF = 90_000; // ms
const CUT_OFF = {
  code: "unreachable",
  detail: "The server cannot be reached. Check the connection.",
};

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

export const ANY = "*"; // the version of who has another reason not to overwrite
export const get = (where, query, signal) => call("GET", where, { query, signal });
export const post = (where, body) => call("POST", where, { body });
export const patch = (where, body, version) => call("PATCH", where, { body, version });
export const put = (where, body, version) => call("PUT", where, { body, version });
export const remove = (where, version) => call("DELETE", where, { version });

/** Every item of a list from a cursor on, in however many pages it comes. */
export async function all(where, items, cursor = null) {
  const found = [];
  do {
    const page = await get(where, { limit: "100", cursor });
    found.push(...page[items]);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

async function call(method, where, { query = {}, body, version, signal } = {}) {
  const address = new URL(where, BASE);
  for (const [name, value] of Object.entries(query)) {
    if (value) address.searchParams.set(name, value);
  }
  // Made once: all tries are one action, with one key and one body.
  const request = { method, headers: headersOf(method, body, version), signal };
  if (body) request.body = JSON.stringify(body);
  let renewed = false;
  const mine = session();
  for (let tries = 1; ; tries++) {
    const used = await fresh();
    if (session() !== mine) throw ended();
    if (used) request.headers.Authorization = `Bearer ${used}`;
    const { answer, text } = await send(address, request);
    // It ended on the way, or its key did: with another one it is the same action.
    if (answer.status === 401 && !renewed && (renewed = await renew(used))) continue;
    const wait = Number(answer.headers.get("Retry-After") ?? PAUSE);
    // Done already or not, the key makes it one: asking again is safe.
    const again = AGAIN.includes(answer.status) && tries < TRIES && wait <= LONGEST;
    if (!again) return read(answer, text, used, where);
    await new Promise((resume) => setTimeout(resume, wait * 1000));
  }
}

const ended = () =>
  Object.assign(new Problem(0, { detail: "The session has ended." }), { name: "AbortError" });

let skew = 0; // ms: what is to be added to this machine's clock

/** How far this machine's clock is behind the server's, in seconds. Less than OFF is
 *  nothing: an answer may have lain a while. */
export const clockSkew = () => (Math.abs(skew) < OFF ? 0 : Math.round(skew / 1000));

function look(date) {
  if (date) skew = Date.parse(date) - Date.now();
}

function headersOf(method, body, version) {
  const headers = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["Idempotency-Key"] = crypto.randomUUID();
  // Lists carry no ETag, but an ETag begins with the version, and that is compared.
  if (version) headers["If-Match"] = version === ANY ? ANY : `"${version}"`;
  return headers;
}

/** The answer with its whole text; one that was lost on the way has the status 0. */
async function send(address, request) {
  try {
    const answer = await fetch(address, request);
    look(answer.headers.get("Date"));
    return { answer, text: await answer.text() };
  } catch (error) {
    if (request.signal?.aborted) throw error;
    return { answer: Response.error(), text: "" };
  }
}

function read({ status, ok, headers }, text, used, where) {
  const told = parsed(text);
  if (ok && told) return told;
  const lost = LOST.includes(status) && !told?.code;
  const requestId = told?.request_id ?? headers.get("X-Request-Id");
  const problem = new Problem(status, lost ? CUT_OFF : (told ?? {}), requestId);
  // Of the token of now: a late answer to an older one ends nothing.
  if (status === 401 && used && used === token()) dispatchEvent(new CustomEvent("signedout", { detail: problem }));
  if (told?.code === "workspace_not_found") dispatchEvent(new CustomEvent("closedtous", { detail: where }));
  throw problem;
}

/** null: no JSON, so it does not come from our server. */
function parsed(text) {
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return null;
  }
}
