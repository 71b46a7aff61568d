// A real OpenID provider for this machine, on loopback: `make serve` starts it, and the
// page signs in with it as it would with any other. It never ships.
//
// The first line on stdout is its address. SIGHUP: the next key signs. SIGUSR2: all keys
// are new, and the old ones count no more. Options come as JSON in OPTIONS:
//   engine, folder, jwks  where the library, the keys and this machine's own public keys lie
//   port                  the one to take if it is free
//   pages, client, audience, people, seconds

import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { configuration } from './configuration.mjs';
import { Keys } from './keys.mjs';
import { Login } from './login.mjs';
import { People } from './people.mjs';
import { Store } from './store.mjs';

const options = JSON.parse(process.env.OPTIONS);
const server = createServer();
options.port = await listening(options.port);
options.issuer = `http://127.0.0.1:${options.port}`;
let answer; // how requests are answered now; those that come too early wait
let ready;
const started = new Promise((resolve) => (ready = resolve));
server.on('request', async (request, response) => {
  await started;
  answer(request, response);
});
console.log(options.issuer);

const found = createRequire(`${options.engine}/`).resolve('oidc-provider');
const { Provider, interactionPolicy } = await import(pathToFileURL(found));
const keys = new Keys(options.folder, options.jwks);
const store = new Store(options.folder);
const people = new People(options.people, store);
answer = anew();
ready();

process.on('SIGHUP', () => changed(() => keys.rotate()));
process.on('SIGUSR2', () => changed(() => keys.forget()));
for (const end of ['SIGTERM', 'SIGINT'])
  process.on(end, () => {
    store.write();
    process.exit(0);
  });

function changed(how) {
  how();
  answer = anew();
}

/** The provider with the keys of now; what it remembers is the store's. */
function anew() {
  const policy = interactionPolicy.base();
  const account = { name: 'select_account', requestable: true };
  policy.add(new interactionPolicy.Prompt(account), 0);
  const set = configuration({ options, keys, store, people, policy });
  const provider = new Provider(options.issuer, set);
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'jwks') return;
    const { type } = ctx;
    ctx.body = { keys: [...ctx.body.keys, ...keys.published()] };
    ctx.type = type;
  });
  const login = new Login(provider, people, options);
  const others = provider.callback();
  return (request, response) =>
    request.url.startsWith('/interaction/')
      ? login.answer(request, response)
      : others(request, response);
}

function listening(port) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (error.code !== 'EADDRINUSE' || port === 0) reject(error);
      else resolve(listening(0));
    });
    server.listen(port, '127.0.0.1', () => {
      server.removeAllListeners('error');
      resolve(server.address().port);
    });
  });
}
