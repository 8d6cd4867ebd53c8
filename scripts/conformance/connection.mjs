// A user's browser on the way to the authorization server of an upstream and back.
import { rest } from './gate.mjs';

/** Of one upstream; more says that the gateway does not know when to stop. */
const MOST = 6;

export class Connection {
  #gate;
  #token;
  #gatewayId;

  constructor(gate, token, gatewayId) {
    this.#gate = gate;
    this.#token = token;
    this.#gatewayId = gatewayId;
  }

  /** Connects, and again when the upstream wants another consent for its list of tools. */
  async fetchTools() {
    for (let tries = 0; tries < MOST; tries++) {
      await this.connect();
      try {
        return await rest(this.#gate, this.#token, 'POST', `/oauth/fetch-tools/${this.#gatewayId}`);
      } catch (error) {
        if (!error.message.includes('Connect your account')) throw error;
      }
    }
    throw new Error('the gateway asks for consent without end');
  }

  async connect() {
    const asked = await this.#visit(`${this.#gate}/oauth/authorize/${this.#gatewayId}`, 307);
    // The suite's authorization server consents at once.
    const back = new URL(await this.#visit(asked, 302, {}));
    const page = await this.#get(this.#gate + back.pathname + back.search);
    if (page.status !== 200) throw new Error(`callback: ${page.status} ${await page.text()}`);
  }

  async #visit(url, expected, headers) {
    const response = await this.#get(url, headers);
    if (response.status !== expected) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return response.headers.get('location');
  }

  #get(url, headers = { Authorization: `Bearer ${this.#token}` }) {
    return fetch(url, { redirect: 'manual', headers });
  }
}
