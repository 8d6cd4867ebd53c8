import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const STRICT =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

describe('the documentation of the API', () => {
  let running: RunningGateway;
  beforeAll(async () => {
    running = await RunningGateway.start({ VALIDATION_MAX_NAME_LENGTH: '100' });
  });
  afterAll(() => running.stop());

  const get = (path: string, token: string | null = running.session): Promise<Response> =>
    fetch(running.url + path, token === null ? {} : { headers: { authorization: `Bearer ${token}` } });

  it('describes the routes of this application, and not its own', async () => {
    const response = await get('/openapi.json');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store, private');
    const { openapi, paths } = (await response.json()) as { openapi: string; paths: Record<string, object> };
    expect(openapi).toMatch(/^3\./);
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/tools', '/gateways', '/auth/login']));
    expect(Object.keys(paths).filter((path) => /^\/(docs|openapi|mcp|rpc)|^\/servers\/[^/]+\/mcp$/.test(path))).toEqual(
      [],
    );
  });

  it('says of every field what it may hold, as this operator has it', async () => {
    const { body: document } = await running.rest('GET', '/openapi.json');
    const { CreateGatewayDto, UpdateGatewayDto, CreateServerDto, CreateTeamDto } = document.components.schemas;
    const name = { type: 'string', minLength: 1, maxLength: 100, pattern: '^[a-zA-Z0-9_.\\- ]+$' };
    const id = { type: 'string', minLength: 1, maxLength: 36, pattern: '^[A-Za-z0-9-]+$' };
    expect(CreateGatewayDto.properties).toMatchObject({
      name,
      url: { type: 'string', format: 'uri', minLength: 1, maxLength: 2048 },
      description: { type: 'string', maxLength: 8192 },
    });
    expect(CreateGatewayDto.properties.description).not.toHaveProperty('minLength');
    expect(UpdateGatewayDto.properties.name).toMatchObject(name);
    expect(CreateServerDto.properties.associatedTools).toMatchObject({ type: 'array', items: id });
    expect(CreateTeamDto.properties.name).toMatchObject({ maxLength: 100 });
    const { parameters } = document.paths['/tools'].get;
    expect(parameters.find((each: { name: string }) => each.name === 'team_id')).toMatchObject({ schema: id });
    expect(JSON.stringify(document)).not.toContain('x-field');
  });

  it('is a page without inline script, all of whose parts are here', async () => {
    const response = await get('/docs');
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(STRICT);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|<style|style=|https?:/);
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(parts).toHaveLength(4);
    for (const path of parts) {
      const part = await get(path);
      expect([path, part.status, part.headers.get('cache-control')]).toEqual([path, 200, 'private, max-age=86400']);
      expect(part.headers.get('content-type')).toMatch(/^(text\/(css|javascript)|image\/png)/);
      expect(part.headers.get('x-content-type-options')).toBe('nosniff');
      expect((await part.arrayBuffer()).byteLength).toBeGreaterThan(20);
    }
  });

  it('shows no other files', async () => {
    for (const name of [
      'index.html',
      'swagger-ui.js.map',
      'package.json',
      '..%2fpackage.json',
      '%2e%2e%2fpackage.json',
    ])
      expect((await get(`/docs/assets/${name}`)).status).toBe(404);
  });

  it.each([
    '/docs',
    '/docs/',
    '/openapi.json',
    '/docs/assets/swagger-ui.css',
    '/docs/assets/start.js',
    '/docs/assets/x',
  ])('needs a credential for %s', async (path) => {
    expect((await get(path, null)).status).toBe(401);
    expect((await get(path, 'garbage')).status).toBe(401);
  });

  it('is not shown to a token of one virtual server', async () => {
    const { body } = await running.rest('POST', '/servers', { server: { name: 'one' } });
    const token = await running.mint('one server', { server_id: body.id });
    expect((await get('/docs', token)).status).toBe(403);
  });
});
