import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SsoProvider } from '../../src/sso/providers/sso-provider.entity.js';
import { ANN, ScriptedIdp } from '../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../fixtures/oauth/sso-gate.js';
import { onEveryDatabase } from './on-every-database.js';

const PATH = '/auth/sso/admin/providers/acme';
const BEA = { sub: 'bea', email: 'bea@example.com', email_verified: true } as const;
const CARL = { sub: 'carl', email: 'carl@example.com', email_verified: true } as const;

describe('a provider with another issuer', () => {
  onEveryDatabase((database) => {
    let former: ScriptedIdp;
    let idp: ScriptedIdp;
    let gate: SsoGate;
    beforeAll(async () => {
      [former, idp] = await Promise.all([ScriptedIdp.start(), ScriptedIdp.start()]);
      gate = await SsoGate.start({ DATABASE_URL: database.url });
      await gate.provider('acme', former);
      await gate.provider('other', former);
    });
    afterAll(async () => {
      await gate.stop();
      await Promise.all([former.close(), idp.close()]);
    });

    it('signs out who came by the one before when a change that was cut short is repeated, and nobody else', async () => {
      const ann = await gate.signIn('acme', former, ANN);
      const bea = await gate.signIn('other', former, BEA);
      await gate.database.getRepository(SsoProvider).update({ id: 'acme' }, { issuer: idp.issuer });
      const carl = await gate.signIn('acme', idp, CARL);
      const who = async (): Promise<unknown[]> => {
        const answers = [ann, bea, carl].map(async ({ session }) => (await gate.me(session))['email'] ?? 'nobody');
        return Promise.all(answers);
      };
      expect(await who()).toEqual([ANN.email, BEA.email, CARL.email]);
      expect((await gate.running.rest('PUT', PATH, { issuer: idp.issuer })).status).toBe(200);
      expect(await who()).toEqual(['nobody', BEA.email, CARL.email]);
      expect((await gate.running.rest('POST', '/auth/refresh', undefined, ann.session ?? '')).status).toBe(401);
    });
  });
});
