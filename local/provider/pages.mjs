// What the provider shows: who are you, signing out, and what went wrong. No script but
// the one that sends the sign-out on, nothing from another host.

import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5c6675; --line: #d9dee6;
  --paper: #ffffff; --ground: #f4f6f9; --accent: #2457d6; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf3; --soft: #a3adbd;
  --line: #39414f; --paper: #1c212a; --ground: #12161d; --accent: #8fb0ff; --bad: #ffb4ab; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 2rem 1rem;
  font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
main { width: 100%; max-width: 27rem; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; }
p { margin: 0 0 1.25rem; color: var(--soft); }
form { margin: 0; }
button, input { font: inherit; color: inherit; border: 1px solid var(--line);
  border-radius: .6rem; background: var(--paper); }
:is(button, input, a):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.people { display: grid; gap: .5rem; }
.people button { display: grid; width: 100%; text-align: left; padding: .6rem .9rem;
  cursor: pointer; }
button:hover { border-color: var(--accent); }
.people small { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
label { display: block; margin-bottom: .5rem; font-size: .875rem; color: var(--soft); }
input { display: block; width: 100%; padding: .5rem .75rem; font-size: 1rem;
  color: var(--ink); }
.go { padding: .5rem 1rem; cursor: pointer; font-weight: 600; }
.bad { color: var(--bad); margin: .75rem 0; }
a { color: var(--accent); }`;
const GO_ON = "document.querySelector('form').submit()";

/** The question, with the demo's people as its answers. */
export function who(people, options, said = '') {
  return whole(
    'Who are you?',
    options,
    `<h1>Who are you?</h1>
<p>Choose a person of this machine to open contactbook,
or be <a href="#else">somebody else</a>.</p>
<form method="post" class="people">${people.map((one, at) => person(one, at === 0 && !said)).join('')}</form>
<h2 id="else">Somebody else</h2>
<form method="post">
${said && `<p class="bad" role="alert">${safe(said)}</p>`}
<label>Name <input name="name" required maxlength="120" autocomplete="off"${said && ' autofocus'}></label>
<label>E-mail <input name="email" type="email" required maxlength="255"
  autocomplete="off"></label>
<button class="go">Sign in</button>
</form>`,
  );
}

function person({ sub, name, email, says }, first) {
  return `<button${first ? ' autofocus' : ''} name="sub" value="${safe(sub)}"><strong>${safe(name)}</strong>
<small>${safe(email)}</small><small>${safe(says)}</small></button>`;
}

/** A sign-in that is over: the way back is the page. */
export function over(options) {
  return whole(
    'Sign in again',
    options,
    `<h1>This sign-in is over</h1>
<p>You have signed in already, or it has taken too long. Go on in contactbook.</p>
<p>${back(options)}</p>`,
  );
}

export const failed = (options) => async (ctx, out) => {
  const told = out.error_description ?? out.error;
  const text = whole('Not possible', options, `<h1>This is not possible</h1>
<p>${safe(told)}</p>
<p>${back(options)}</p>`);
  dress((name, value) => ctx.set(name, value), text);
  ctx.body = text.html;
};

/** Goes on by itself where the page has said who signs out; else it asks. */
export async function leaving(ctx, form) {
  const isSure = Boolean(ctx.oidc.entities.IdTokenHint);
  const pages = (ctx.oidc.client?.postLogoutRedirectUris ?? []).slice();
  const sure = '<input type="hidden" name="logout" value="yes" form="op.logoutForm">';
  const ask = `<button class="go" form="op.logoutForm" name="logout" value="yes">
Sign out</button>`;
  const text = whole('Signing out', { pages }, `<h1>Signing out of this machine</h1>
${form}${isSure ? `${sure}<script>${GO_ON}</script>` : ask}`);
  dress((name, value) => ctx.set(name, value), text);
  ctx.body = text.html;
}

export async function left(ctx) {
  const text = whole('Signed out', { pages: [] }, '<h1>You are signed out</h1>');
  dress((name, value) => ctx.set(name, value), text);
  ctx.body = text.html;
}

/** One page as the answer to a request. */
export function show(response, status, text) {
  response.statusCode = status;
  dress((name, value) => response.setHeader(name, value), text);
  response.end(text.html);
}

function whole(title, { pages = [] }, inside) {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} - contactbook</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${STYLE}</style></head>
<body><main>${inside}</main></body></html>`;
  return { html, pages };
}

/** A form may lead on to the page: Chromium looks at where its answer leads. */
function dress(set, { pages }) {
  const origins = pages.map((address) => new URL(address).origin);
  const parts = {
    'default-src': "'none'",
    'style-src': hash(STYLE),
    'script-src': hash(GO_ON),
    'img-src': 'data:',
    'form-action': ["'self'", ...origins].join(' '),
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
  };
  const policy = Object.entries(parts).map((part) => part.join(' '));
  set('Content-Security-Policy', policy.join('; '));
  set('Content-Type', 'text/html; charset=utf-8');
  set('Cache-Control', 'no-store');
  set('Referrer-Policy', 'no-referrer');
}

function back({ pages: [first] = [] }) {
  return first ? `<a href="${safe(first)}">Back to contactbook</a>` : '';
}

function hash(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function safe(text) {
  const codes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return String(text ?? '').replace(/[&<>"']/g, (one) => codes[one]);
}
