// "Who are you?": the one question of this provider, asked and answered.

import * as pages from './pages.mjs';

const MOST_BYTES = 4096;

export class Login {
  constructor(provider, people, options) {
    this.provider = provider;
    this.people = people;
    this.options = options;
  }

  async answer(request, response) {
    try {
      const asked = await this.provider.interactionDetails(request, response);
      if (asked.prompt.name === 'consent') await this.agree(request, response, asked);
      else if (request.method === 'POST') await this.enter(request, response, asked);
      else pages.show(response, 200, pages.who(this.people.known, this.options));
    } catch {
      pages.show(response, 400, pages.over(this.options));
    }
  }

  async enter(request, response, asked) {
    const one = this.people.chosen(await body(request));
    if (!one) {
      const said = 'A name, and an e-mail as name@example.com.';
      pages.show(response, 422, pages.who(this.people.known, this.options, said));
      return;
    }
    // To say who one is answers both questions, "sign in" and "choose an account".
    const login = { accountId: one.sub, remember: true };
    await this.finish(request, response, { [asked.prompt.name]: {}, login });
  }

  /** Asked for with prompt=consent only: there is nothing to decide here. */
  async agree(request, response, asked) {
    if (!asked.prompt.reasons.includes('consent_prompt')) throw new Error('no grant');
    await this.finish(request, response, { consent: { grantId: asked.grantId } });
  }

  async finish(request, response, result) {
    const alone = { mergeWithLastSubmission: false };
    await this.provider.interactionFinished(request, response, result, alone);
  }
}

async function body(request) {
  let text = '';
  for await (const part of request) {
    text += part;
    if (text.length > MOST_BYTES) throw new Error('too much was sent');
  }
  return new URLSearchParams(text);
}
