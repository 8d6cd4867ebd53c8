import { DataSource } from 'typeorm';
import { describe, expect, it, vi } from 'vitest';
import { UsageLogRow } from '../../../src/audit/usage-log.entity.js';
import { UsageWriter } from '../../../src/audit/usage-writer.js';
import { TokenRevocations } from '../../../src/auth/jwt/token-revocations.js';
import { ApiToken } from '../../../src/tokens/api-token.entity.js';
import { ADMIN } from '../../fixtures/running-gateway.js';
import { seconds, signedToken } from '../../fixtures/signed-token.js';
import { openTokenGate } from '../../fixtures/open-token-gate.js';

describe('API tokens', () => {
  const gate = openTokenGate();

  describe('end', () => {
    it('when they expire, remembered or not', async () => {
      const { text } = await gate().mint();
      const foreign = signedToken({ exp: seconds(30 * 86_400) });
      for (const token of [text, foreign]) expect(await gate().statusOf('/tools', token)).toBe(200);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * 86_400_000 + 1000 });
      for (const token of [text, foreign]) {
        for (const door of gate().doors) expect((await gate().listAt(door, token)).status).toBe(401);
        const answer = await gate().running.rest('GET', '/tools', undefined, token);
        expect([answer.status, answer.body.detail]).toEqual([401, 'Token has expired']);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      }
    });

    it('when their row is deleted', async () => {
      const { text, id } = await gate().mint();
      await gate().running.gateway.app.get(DataSource).manager.delete(ApiToken, { id });
      expect(await gate().statusOf('/tools', text)).toBe(401);
    });

    it('when they are revoked, at once and everywhere', async () => {
      const { text, id } = await gate().mint();
      expect(new Set(await gate().everywhere(text))).toEqual(new Set([200]));
      const answer = await gate().running.rest('DELETE', `/tokens/${id}`, { reason: 'leaked' });
      expect([answer.status, answer.body]).toEqual([204, undefined]);
      expect(new Set(await gate().everywhere(text))).toEqual(new Set([401]));
      expect((await gate().running.rest('GET', '/tools', undefined, text)).body.detail).toBe('Token has been revoked');
      expect((await gate().running.rest('GET', `/tokens/${id}`)).body.is_active).toBe(false);
      expect(await gate().statusOf(`/tokens/${id}`, gate().running.session, 'DELETE')).toBe(204);
    });

    it('and what is tried with them afterwards is in their usage', async () => {
      const { text, id } = await gate().mint();
      await gate().running.rest('DELETE', `/tokens/${id}`);
      for (const door of gate().doors) await gate().listAt(door, text);
      await gate().running.gateway.app.get(UsageWriter).flush();
      const { body } = await gate().running.rest('GET', `/tokens/${id}/usage`);
      expect(body).toMatchObject({ total_requests: gate().doors.length, blocked_requests: gate().doors.length });
      const rows = await gate().running.gateway.app.get(DataSource).manager.findBy(UsageLogRow, { blocked: true });
      expect(rows).toContainEqual(expect.objectContaining({ userEmail: ADMIN.email, blockReason: 'token_revoked' }));
    });

    it('while calls with them go on', async () => {
      const { text, id } = await gate().mint();
      await gate().statusOf('/tools', text);
      const late = Array.from({ length: 20 }, async () => {
        await gate().running.rest('DELETE', `/tokens/${id}`);
        return gate().statusOf('/tools', text);
      });
      expect(new Set(await Promise.all(late))).toEqual(new Set([401]));
    });

    it('when they were minted elsewhere and their jti is taken back', async () => {
      const jti = 'minted-elsewhere';
      const token = signedToken({ jti });
      expect(await gate().statusOf('/tools', token)).toBe(200);
      await gate()
        .running.gateway.app.get(TokenRevocations)
        .revoke({ jti, revokedBy: 'admin', reason: null, tokenExpiry: null });
      expect(await gate().statusOf('/tools', token)).toBe(401);
      expect(await gate().statusOf('/tools', signedToken({ jti, exp: seconds(7200) }))).toBe(401);
    });

    it('never by being altered: the row decides, not what is signed', async () => {
      const { jti } = await gate().mint({ permissions: ['tools.read'] });
      for (const token_use of ['api', 'session', undefined])
        expect(await gate().statusOf('/tools', signedToken({ jti, token_use }))).toBe(401);
    });
  });
});
