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

let found = null; // the promise of the discovery document, once a page
let refresh = null; // the refresh token of now; each is good once where they rotate

/** Comes in by an answer. {in: true}, or {why, silent}: what to tell, and whether the
 *  provider may be asked without a word. */
export async function comeIn(way, answer) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  sessionStorage.removeItem(KEPT);
  if (kept?.back) history.replaceState(null, "", location.pathname + kept.back);
  // Left for the provider to sign out there, not to sign in.
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
  const as = await discovered(way).catch((error) => {
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
  location.assign(address);
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

/** Ends the provider's session, too, where it says how; whether the page is left for it.
 *  `back` is where whoever signs in next is led. */
export async function signOut(way, hint, back) {
  refresh = null;
  const as = await discovered(way).catch(() => ({}));
  sessionStorage.setItem(KEPT, JSON.stringify({ back }));
  if (!as.end_session_endpoint) return false;
  const address = new URL(as.end_session_endpoint);
  address.searchParams.set("client_id", way.client_id);
  if (hint) address.searchParams.set("id_token_hint", hint);
  address.searchParams.set("post_logout_redirect_uri", PAGE);
  address.searchParams.set("logout_uri", PAGE); // as Cognito calls it
  location.assign(address);
  return true;
}

async function exchange(way, answer, { state, nonce, verifier }) {
  const as = await discovered(way);
  const client = clientOf(way);
  const checked = oauth.validateAuthResponse(as, client, answer, state); // iss, too
  const asked = await oauth.authorizationCodeGrantRequest(
    as, client, oauth.None(), checked, PAGE, verifier, options(way),
  );
  const expected = { expectedNonce: nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, asked, expected);
  take(way, tokens);
}

function take(way, tokens) {
  refresh = tokens.refresh_token ?? refresh;
  const next = { access: tokens.access_token, id: tokens.id_token, seconds: tokens.expires_in ?? 300 };
  session.take(next, refresh ? () => renewed(way) : null);
}

/** Whether the provider has given the next tokens. One that cannot be reached just now is
 *  asked again with the next request; one that refuses is not. */
async function renewed(way) {
  try {
    const as = await discovered(way);
    const client = clientOf(way);
    const asked = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refresh, options(way));
    take(way, await oauth.processRefreshTokenResponse(as, client, asked));
    return true;
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) refresh = null;
    return false;
  }
}

/** The provider says where its doors are; asked for once a page, if it answers. */
function discovered(way) {
  found ??= discover(way);
  found.catch(() => (found = null));
  return found;
}

async function discover(way) {
  const issuer = new URL(way.issuer);
  const answer = await oauth.discoveryRequest(issuer, options(way));
  return oauth.processDiscoveryResponse(issuer, answer);
}

const clientOf = (way) => ({ client_id: way.client_id, [oauth.clockSkew]: api.clockSkew() });

/** Without https only on this machine. */
const options = (way) => ({ [oauth.allowInsecureRequests]: LOOPBACK.test(way.issuer) });

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
