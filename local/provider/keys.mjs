// The provider's keys, kept in the data folder and readable by their owner only. The next
// key is published before it signs, as the large providers do: who has read the keys
// today knows tomorrow's.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEPT = 3; // the signing one, the next, and the one before

export class Keys {
  constructor(folder, beside) {
    this.path = join(folder, 'provider-keys.json');
    this.beside = beside;
    const kept = existsSync(this.path) && JSON.parse(readFileSync(this.path, 'utf8'));
    this.cookies = kept ? kept.cookies : [randomBytes(32).toString('base64url')];
    this.signing = kept ? kept.signing : [newKey(), newKey()];
    if (!kept) this.save();
  }

  /** The next key signs from now on, and the old one stays published for a while. */
  rotate() {
    const [signing, next] = this.signing;
    this.signing = [next, newKey(), signing].slice(0, KEPT);
    this.save();
  }

  /** As after a theft: nothing that was signed before counts any more. */
  forget() {
    this.signing = [newKey(), newKey()];
    this.save();
  }

  /** The public keys of the tokens that this machine signs for itself. */
  published() {
    return JSON.parse(readFileSync(this.beside, 'utf8')).keys;
  }

  save() {
    const text = JSON.stringify({ cookies: this.cookies, signing: this.signing });
    keep(this.path, text);
  }
}

/** Whole or not at all, and never readable by others. */
export function keep(path, text) {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(8).toString('hex');
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}
