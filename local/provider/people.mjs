// Who may sign in: the demo's people, and whoever types a name and an e-mail.

import { createHash } from 'node:crypto';

const EMAIL = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,190}$/;
const MOST = 120; // characters of a name

export class People {
  constructor(known, store) {
    this.known = known;
    this.store = store;
  }

  find(sub) {
    return this.known.find((one) => one.sub === sub) ?? this.store.get(`Typed:${sub}`);
  }

  /** Who is meant by what was sent from the login page; undefined: nobody. */
  chosen(form) {
    const sub = form.get('sub');
    if (sub) return this.known.find((one) => one.sub === sub);
    const name = (form.get('name') ?? '').trim();
    const email = (form.get('email') ?? '').trim().toLowerCase();
    if (!name || name.length > MOST || !EMAIL.test(email)) return undefined;
    return this.known.find((one) => one.email === email) ?? this.typed(name, email);
  }

  /** The same e-mail is the same person, whatever the name. */
  typed(name, email) {
    const digest = createHash('sha256').update(email).digest('hex').slice(0, 16);
    const one = { sub: `person-${digest}`, name, email, email_verified: true };
    this.store.put(`Typed:${one.sub}`, one);
    return one;
  }

  /** As the library asks for an account. */
  account(sub) {
    const one = this.find(sub);
    if (!one) return undefined;
    const { name, email, email_verified } = one;
    return {
      accountId: sub,
      claims: async () => ({ sub, name, email, email_verified }),
    };
  }
}
