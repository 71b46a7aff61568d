// How the library is set up: one public client, the page; code and PKCE, nothing else; no
// consent to give, because who signs in here is who the data is for.

import { adapter } from './store.mjs';
import * as pages from './pages.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;
const SCOPE = 'openid profile email offline_access';
const RESOURCE = 'urn:contactbook'; // the library's name of the API; nobody asks for it

export function configuration({ options, keys, store, people, policy }) {
  return {
    adapter: adapter(store),
    clients: [page(options)],
    clientBasedCORS: (ctx, origin) => options.pages.includes(`${origin}/`),
    findAccount: (ctx, sub) => people.account(sub),
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false, // name and e-mail stand in the ID token itself
    scopes: SCOPE.split(' '),
    responseTypes: ['code'],
    pkce: { required: () => true },
    jwks: { keys: keys.signing },
    cookies: cookies(options.port, keys.cookies),
    interactions: { policy, url: (ctx, { uid }) => `/interaction/${uid}` },
    features: features(options),
    loadExistingGrant: grant,
    issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    renderError: pages.failed(options),
    ttl: lifetimes(options),
  };
}

function page({ client, pages: addresses }) {
  return {
    client_id: client,
    client_name: 'contactbook',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: addresses,
    post_logout_redirect_uris: addresses,
    id_token_signed_response_alg: 'RS256',
  };
}

/** Cookies know no ports: two servers of one machine must not share a name. */
function cookies(port, secrets) {
  const names = { session: 'session', interaction: 'asked', resume: 'resume' };
  const named = Object.entries(names).map(([use, name]) => [use, `${name}_${port}`]);
  return { keys: secrets, names: Object.fromEntries(named) };
}

function features({ audience, seconds }) {
  return {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: SCOPE, // what somebody may do here is their role's matter
        audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: seconds,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: pages.leaving,
      postLogoutSuccessSource: pages.left,
    },
  };
}

async function grant(ctx) {
  const { client, session, provider } = ctx.oidc;
  const given = session.grantIdFor(client.clientId);
  const kept = given && (await provider.Grant.find(given));
  if (kept && kept.accountId === session.accountId) return kept;
  const { clientId } = client;
  const made = new provider.Grant({ clientId, accountId: session.accountId });
  made.addOIDCScope(SCOPE);
  made.addResourceScope(RESOURCE, SCOPE);
  await made.save();
  return made;
}

function lifetimes({ seconds }) {
  return {
    AccessToken: seconds,
    AuthorizationCode: 60,
    Grant: 14 * DAY,
    IdToken: seconds,
    Interaction: HOUR,
    RefreshToken: 14 * DAY,
    Session: 14 * DAY,
  };
}
