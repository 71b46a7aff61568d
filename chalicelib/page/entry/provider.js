// Signing in with an OpenID Connect provider: authorization code with PKCE, no secret.
// The protocol is the library's; here is what this page asks for, keeps and forgets.
// Between leaving for the provider and coming back, session storage has the state, the
// nonce, the verifier and the way back; the tokens are in memory (core/session.js).

import * as oauth from "../vendor/oauth4webapi.js";
import * as api from "../core/api.js";
import * as session from "../core/session.js";

const KEPT = "contactbook.sign-in";
// No session there, or one that wants to be asked: the answer to asking without a word.
const ASK = ["login_required", "interaction_required", "consent_required", "account_selection_required"];
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost)[:/]/;
const PAGE = location.origin + location.pathname;
const PATIENCE = 10_000; // ms for an answer: a provider that is silent must not hold the page up
const SOON = 4_000; // ms for the answer whether it is there at all
const PAUSE = 10_000; // ms before one that gave no answer is asked again
const A_WHILE = 300; // seconds that a token is taken to last when nothing is said of it
const UNENDED = "You have signed out here. The sign-in provider cannot be reached: there you may still be signed in.";

let found = null; // the promise of the discovery document, once a page

/** Comes in by an answer. {in: true}, or {why, silent}: what to tell, and whether the
 *  provider may be asked without a word. */
export async function comeIn(way, answer) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  sessionStorage.removeItem(KEPT);
  if (kept?.back) history.replaceState(null, "", location.pathname + kept.back);
  // Left for the provider to sign out there, not to sign in.
  if (kept?.login) return untold(kept.back);
  if (kept && !kept.state) return { why: "You have signed out.", calm: true };
  if (!answer) return { silent: true };
  if (!kept?.state) return { why: "This answer belongs to no sign-in of this tab. Sign in again." };
  try {
    await exchange(way, answer, kept);
    return { in: true };
  } catch (error) {
    return ASK.includes(error.error) ? { why: "" } : { why: sentence(error) };
  }
}

/** Leaves for the provider, to come back to where the page is. `prompt`: "none" asks
 *  without a word. Throws with a sentence when the provider cannot be reached. */
export async function leave(way, prompt) {
  const as = await reached(way).catch((error) => {
    throw new Error(sentence(error));
  });
  const kept = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    back: location.hash,
  };
  const address = new URL(as.authorization_endpoint);
  const asked = { ...(await question(way, kept)), ...(prompt ? { prompt } : {}) };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
  // Nobody has gone anywhere by a question without a word: Back leads to before it.
  if (prompt === "none") location.replace(address);
  else location.assign(address);
}

async function question(way, { state, nonce, verifier }) {
  const asked = {
    client_id: way.client_id,
    redirect_uri: PAGE,
    response_type: "code",
    scope: way.scope,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  };
  if (!way.audience) return asked;
  // Auth0's name for it, and the standard's (RFC 8707), which wants an address.
  const resource = URL.canParse(way.audience) ? { resource: way.audience } : {};
  return { ...asked, audience: way.audience, ...resource };
}

/** Ends the provider's session, too, where it says how: then the page is left for it. Else
 *  the sentence that tells what has ended. `back` is where whoever signs in next is led. */
export async function signOut(way, hint, back) {
  const as = await reached(way).catch(() => null);
  if (!as) return untold(back).why;
  if (!as.end_session_endpoint) return "You have signed out.";
  const address = new URL(as.end_session_endpoint);
  const asked = { client_id: way.client_id, post_logout_redirect_uri: PAGE };
  if (hint) asked.id_token_hint = hint;
  asked.logout_uri = PAGE; // as Cognito calls it
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  sessionStorage.setItem(KEPT, JSON.stringify({ back }));
  location.assign(address);
  return null;
}

/** Its session goes on: nobody is let in by it without being asked, also after a reload. */
function untold(back) {
  sessionStorage.setItem(KEPT, JSON.stringify({ back, login: true }));
  return { why: UNENDED, calm: true, prompt: "login" };
}

async function exchange(way, answer, { state, nonce, verifier }) {
  const as = await discovered(way);
  const client = clientOf(way);
  const checked = oauth.validateAuthResponse(as, client, answer, state); // iss, too
  const asked = await oauth.authorizationCodeGrantRequest(
    as, client, oauth.None(), checked, PAGE, verifier, options(way),
  );
  if (isIll(asked)) throw new Error("ill");
  const expected = { expectedNonce: nonce, requireIdToken: true };
  const answered = await oauth.processAuthorizationCodeResponse(as, client, asked, expected);
  const { sub } = oauth.getValidatedIdTokenClaims(answered);
  session.take(tokensOf(answered), (before) => renew(way, sub, before));
}

/** Whether the next tokens were taken, in the place of those `before`. */
async function renew(way, sub, before) {
  try {
    const found = await next(way, sub, before.refresh);
    if (!session.holds(before)) return false; // he has signed out meanwhile
    // What is not given anew stays as it was: the ID token, and one that is not rotated.
    if (found) session.take({ ...before, ...found }, before.next);
    else before.refresh = null;
    return Boolean(found);
  } catch {
    before.until = performance.now() + PAUSE;
    return false;
  }
}

/** The next tokens of the same person; null when the provider refuses, or says that it is
 *  somebody else. Throws when it cannot be reached. */
async function next(way, sub, refresh) {
  const as = await discovered(way);
  const client = clientOf(way);
  const asked = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refresh, options(way));
  try {
    const answered = await oauth.processRefreshTokenResponse(as, client, asked);
    const now = oauth.getValidatedIdTokenClaims(answered)?.sub ?? sub;
    return now === sub ? tokensOf(answered) : null;
  } catch (error) {
    if (isIll(asked)) throw error;
    return null;
  }
}

/** Only what was given. They are renewed when the first of them ends. */
function tokensOf(answered) {
  const { access_token: access, id_token: id, refresh_token: refresh, expires_in: lasts } = answered;
  const claims = oauth.getValidatedIdTokenClaims(answered);
  const seconds = Math.min(lasts ?? A_WHILE, claims ? claims.exp - claims.iat : Infinity);
  return { access, seconds, ...(id ? { id } : {}), ...(refresh ? { refresh } : {}) };
}

/** The same of a provider that answers now: the page must not be left for a dead address,
 *  and what the browser has kept of it says nothing about that. */
function reached(way) {
  const now = {
    [oauth.customFetch]: (address, asked) => fetch(address, { ...asked, cache: "no-store" }),
    signal: () => AbortSignal.timeout(SOON),
  };
  found = discover(way, now);
  return discovered(way);
}

/** The provider says where its doors are; asked for once a page, if it answers. */
function discovered(way) {
  found ??= discover(way);
  found.catch(() => (found = null));
  return found;
}

async function discover(way, more = {}) {
  const issuer = new URL(way.issuer);
  const answer = await oauth.discoveryRequest(issuer, { ...options(way), ...more });
  if (isIll(answer)) throw new Error("ill");
  return oauth.processDiscoveryResponse(issuer, answer);
}

/** That is no refusal: later it may answer otherwise. */
const isIll = ({ status }) => status >= 500 || status === 429;

const clientOf = (way) => ({ client_id: way.client_id, [oauth.clockSkew]: api.clockSkew() });

/** Without https only on this machine. */
const options = (way) => ({
  [oauth.allowInsecureRequests]: LOOPBACK.test(way.issuer),
  signal: () => AbortSignal.timeout(PATIENCE),
});

function sentence(error) {
  if (error instanceof oauth.AuthorizationResponseError) {
    return error.error_description ?? `The sign-in was refused: ${error.error}.`;
  }
  if (error instanceof oauth.ResponseBodyError) {
    return `The sign-in was refused: ${error.error_description ?? error.error}.`;
  }
  if (error instanceof oauth.OperationProcessingError) {
    return `The provider's answer cannot be trusted: ${error.message}.`;
  }
  return "The sign-in provider cannot be reached. Try again.";
}
