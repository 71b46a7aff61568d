// What the provider remembers: sessions, grants, codes, refresh tokens, and who has typed
// a name. One file, so that a restart of the server signs nobody out.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { keep } from './keys.mjs';

const MINUTE = 60_000;
const GIVEN = /^(AccessToken|AuthorizationCode|RefreshToken):/;

export class Store {
  constructor(folder) {
    this.path = join(folder, 'provider-state.json');
    const kept = existsSync(this.path) ? readFileSync(this.path, 'utf8') : '[]';
    this.items = new Map(JSON.parse(kept));
    this.sweep();
    setInterval(() => this.sweep(), MINUTE).unref();
  }

  put(key, value, until = Infinity) {
    this.items.set(key, { value, until: Number.isFinite(until) ? until : null });
    this.save();
  }

  get(key) {
    const item = this.items.get(key);
    return item && !isOver(item) ? item.value : undefined;
  }

  remove(key) {
    if (this.items.delete(key)) this.save();
  }

  /** The first value of a kind that is meant; there are few of each on one machine. */
  first(kind, isMeant) {
    for (const [key, item] of this.items)
      if (key.startsWith(`${kind}:`) && !isOver(item) && isMeant(item.value))
        return item.value;
    return undefined;
  }

  /** What was given under it goes; a sign-in that is under way only mentions it. */
  removeGrant(grantId) {
    for (const [key, { value }] of this.items)
      if (value.grantId === grantId && GIVEN.test(key)) this.items.delete(key);
    this.save();
  }

  sweep() {
    for (const [key, item] of this.items) if (isOver(item)) this.items.delete(key);
  }

  /** Once for all that happens in one go. */
  save() {
    this.saving ??= setImmediate(() => this.write());
  }

  write() {
    clearImmediate(this.saving);
    this.saving = null;
    keep(this.path, JSON.stringify([...this.items]));
  }
}

function isOver({ until }) {
  return until !== null && until <= Date.now();
}

/** The library's way to a store: one of these for each of its kinds. */
export function adapter(store) {
  return class {
    constructor(kind) {
      this.kind = kind;
    }

    key(id) {
      return `${this.kind}:${id}`;
    }

    async upsert(id, payload, seconds) {
      store.put(this.key(id), payload, Date.now() + (seconds ?? Infinity) * 1000);
    }

    async find(id) {
      return store.get(this.key(id));
    }

    async findByUid(uid) {
      return store.first(this.kind, (value) => value.uid === uid);
    }

    async findByUserCode(code) {
      return store.first(this.kind, (value) => value.userCode === code);
    }

    async consume(id) {
      const item = store.items.get(this.key(id));
      item.value.consumed = Math.floor(Date.now() / 1000);
      store.save();
    }

    async destroy(id) {
      store.remove(this.key(id));
    }

    async revokeByGrantId(grantId) {
      store.removeGrant(grantId);
    }
  };
}
