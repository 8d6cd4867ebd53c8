import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinTeam } from '../../fixtures/join-team.js';
import { addUser } from '../../fixtures/people.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const RED = 'red';
const ANN = 'ann@example.com';
const BOB = 'bob@example.com';
const session = (sub: string) => signedToken({ sub, token_use: 'session' });
const NOTHING = 'f'.repeat(32);

let running: RunningGateway;
let uris = 0;
beforeAll(async () => {
  running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, DEFAULT_USER_ROLE: 'developer' });
  const [ann, bob] = [await addUser(running, ANN), await addUser(running, BOB)];
  const database = running.gateway.app.get(DataSource);
  await joinTeam(database, RED, [ann], 'owner');
  await joinTeam(database, 'blue', [bob]);
});
afterAll(() => running.stop());

const as = (who: string) => ({
  call: (method: string, path: string, body?: unknown) => running.rest(method, path, body, session(who)),
  resource: (more: object = {}) =>
    running.rest(
      'POST',
      '/resources',
      { uri: `test://${(uris += 1)}`, name: 'r', content: 'x', ...more },
      session(who),
    ),
  prompt: (more: object = {}) =>
    running.rest('POST', '/prompts', { name: `p ${(uris += 1)}`, template: 'x', ...more }, session(who)),
});
const ann = as(ANN);
const bob = as(BOB);

describe('resources that are kept', () => {
  it('are made wrapped or bare, in both casings, and read back as content', async () => {
    const wrapped = await ann.call('POST', '/resources', {
      resource: { uri: 'notes://plan', name: 'plan', mime_type: 'text/markdown', content: '# Grüße 🌍', tags: ['A b'] },
      team_id: RED,
      visibility: 'team',
    });
    expect(wrapped.status).toBe(200);
    expect(wrapped.body).toMatchObject({
      uri: 'notes://plan',
      uriTemplate: null,
      mimeType: 'text/markdown',
      size: 14,
      teamId: RED,
      visibility: 'team',
      ownerEmail: ANN,
      gatewayId: null,
      version: 1,
      tags: [{ id: 'a-b' }],
    });
    const { id } = wrapped.body;
    expect((await ann.call('GET', `/resources/${id}`)).body).toEqual({
      type: 'resource',
      id,
      uri: 'notes://plan',
      mimeType: 'text/markdown',
      text: '# Grüße 🌍',
    });
    expect((await ann.call('GET', `/resources/${id}/info`)).body).toMatchObject({ name: 'plan' });
    const bare = await ann.resource({ mimeType: 'image/png', content: undefined, blob: 'iVBORw0KGgo=' });
    expect((await ann.call('GET', `/resources/${bare.body.id}`)).body).toMatchObject({
      mimeType: 'image/png',
      blob: 'iVBORw0KGgo=',
    });
  });

  it('change as a whole, one version at a time', async () => {
    const { body } = await ann.resource({ content: 'before', description: 'kept' });
    const path = `/resources/${body.id}`;
    const changed = await ann.call('PUT', path, { content: 'after', display_name: 'Nice' });
    expect(changed.body).toMatchObject({ version: 2, title: 'Nice', description: 'kept', size: 5, uri: body.uri });
    expect((await ann.call('GET', path)).body.text).toBe('after');
    await ann.call('PUT', path, { uri: `${body.uri}-b`, tags: ['t'] });
    expect((await ann.call('GET', path)).body).toMatchObject({ text: 'after', uri: `${body.uri}-b` });
    expect((await ann.call('PUT', path, { visibility: 'private' })).body).toMatchObject({ visibility: 'private' });
  });

  it('are switched off and on, and removed', async () => {
    const { body } = await ann.resource();
    const path = `/resources/${body.id}`;
    expect((await ann.call('POST', `${path}/state?activate=false`)).body).toMatchObject({
      status: 'success',
      message: `Resource ${body.id} deactivated`,
      resource: { enabled: false },
    });
    expect((await ann.call('GET', path)).status).toBe(404);
    expect((await ann.call('POST', `${path}/toggle?activate=true`)).body.resource.enabled).toBe(true);
    expect((await ann.call('GET', path)).status).toBe(200);
    expect((await ann.call('DELETE', path)).body).toMatchObject({ status: 'success' });
    expect((await ann.call('GET', path)).status).toBe(404);
  });

  it('have a URI once in a tenant', async () => {
    const { body } = await ann.resource();
    expect((await ann.resource({ uri: body.uri })).status).toBe(409);
    expect((await ann.resource({ uri: body.uri, teamId: RED })).body).toMatchObject({ visibility: 'team' });
    const other = await ann.resource();
    expect((await ann.call('PUT', `/resources/${other.body.id}`, { uri: body.uri })).status).toBe(409);
  });

  it.each([
    [413, { content: 'x'.repeat(102_401) }, 'CONTENT_MAX_RESOURCE_SIZE'],
    [413, { content: 'é'.repeat(51_201) }, 'CONTENT_MAX_RESOURCE_SIZE'],
    [413, { content: undefined, blob: Buffer.alloc(102_401).toString('base64') }, 'CONTENT_MAX_RESOURCE_SIZE'],
    [422, { content: undefined }, 'content is required'],
    [422, { blob: 'AAAA' }, 'exclude each other'],
    [422, { content: undefined, blob: 'not base64' }, 'blob'],
    [422, { content: 7 }, 'content must be a string'],
    [422, { content: 'a\0b' }, 'NUL'],
    [422, { uri: 'file:///../etc/passwd' }, 'climbs with ..'],
    [422, { uri: 'javascript:alert(1)' }, 'uri is an address'],
    [422, { uriTemplate: 'test://{id}' }, 'templates come from upstreams'],
    [422, { mimeType: 'text' }, 'mimeType is not a MIME type'],
    [422, { mimeType: 'text/html\r\nX: y' }, 'mimeType is not a MIME type'],
    [422, { name: '<b>' }, 'name is not of'],
    [422, { visibility: 'team' }, 'teamId is required'],
    [422, { ownerEmail: BOB }, 'ownerEmail'],
    [422, { owner_email: BOB }, 'ownerEmail'],
    [422, { source: 'blue' }, 'source'],
    [422, { gatewayId: NOTHING }, 'gatewayId'],
    [422, { kept: {} }, 'kept'],
    [422, { version: 9 }, 'version'],
    [422, { createdBy: BOB }, 'createdBy'],
    [403, { teamId: 'blue' }, 'this team'],
  ])('answers %i to %j', async (status, wrong, text) => {
    const answer = await ann.resource(wrong);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(text);
  });

  it('take the limit to the byte', async () => {
    const { status, body } = await ann.resource({ content: 'x'.repeat(102_400) });
    expect(status).toBe(200);
    expect((await ann.call('GET', `/resources/${body.id}`)).body.text).toHaveLength(102_400);
  });

  it('are hidden from others like what does not exist, and changed by their owners alone', async () => {
    const mine = await ann.resource({ visibility: 'private' });
    const open = await ann.resource();
    const unknown = await bob.call('GET', `/resources/${NOTHING}`);
    for (const path of [`/resources/${mine.body.id}`, `/resources/${mine.body.id}/info`])
      expect((await bob.call('GET', path)).status).toBe(404);
    const hidden = await bob.call('GET', `/resources/${mine.body.id}`);
    expect(hidden.body.detail.replace(mine.body.id, NOTHING)).toBe(unknown.body.detail);
    const changes = ['PUT', 'DELETE', 'POST'] as const;
    const at = (method: string, id: string) =>
      method === 'POST'
        ? bob.call(method, `/resources/${id}/state?activate=false`)
        : bob.call(method, `/resources/${id}`, method === 'PUT' ? { content: 'eve' } : undefined);
    for (const method of changes) {
      expect((await at(method, mine.body.id)).status, method).toBe(404);
      expect((await at(method, open.body.id)).status, method).toBe(403);
    }
    expect((await bob.call('GET', `/resources/${open.body.id}`)).body.text).toBe('x');
  });
});

describe('prompts that are kept', () => {
  const greet = { template: '{{#tone}}In a {{tone}} tone: {{/tone}}praise {{what}}.' };
  const args = [{ name: 'what', description: 'Of what', required: true }, { name: 'tone' }];

  it('are made, rendered by id and by name, changed and removed', async () => {
    const prompt = { ...greet, name: 'Praise it', description: 'Praises', arguments: args };
    const { status, body } = await ann.call('POST', '/prompts', { prompt, visibility: 'public' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...greet,
      name: 'Praise it',
      arguments: [{ name: 'what', required: true }, { name: 'tone' }],
    });
    const path = `/prompts/${body.id}`;
    const text = (message: string) => ({
      messages: [{ role: 'user', content: { type: 'text', text: message } }],
      description: 'Praises',
    });
    for (const at of [path, '/prompts/Praise%20it'])
      expect((await bob.call('POST', at, { what: '<tea> & {{tone}}' })).body).toEqual(text('praise <tea> & {{tone}}.'));
    expect((await bob.call('POST', path, { what: 'tea', tone: 'low' })).body).toEqual(
      text('In a low tone: praise tea.'),
    );
    const changed = await ann.call('PUT', path, { template: 'Plain', arguments: [] });
    expect(changed.body).toMatchObject({ version: 2, template: 'Plain', description: 'Praises' });
    expect((await bob.call('GET', path)).body).toEqual(text('Plain'));
    expect((await ann.call('POST', `${path}/state?activate=false`)).body.prompt.enabled).toBe(false);
    expect((await bob.call('GET', path)).status).toBe(404);
    expect((await ann.call('DELETE', path)).status).toBe(200);
    expect((await ann.call('GET', `${path}/info`)).status).toBe(404);
  });

  it.each([
    [{}, 'Missing required argument: what'],
    [{ what: 'a', __x: 'b' }, 'Unknown argument: __x'],
    [{ what: 'a', constructor: 'b' }, 'Unknown argument: constructor'],
    [{ what: 7 }, 'Argument what must be text'],
    [{ what: { toString: 'x' } }, 'Argument what must be text'],
    [{ what: ['a'] }, 'Argument what must be text'],
    [{ what: null }, 'Argument what must be text'],
  ])('refuse the arguments %j', async (given, text) => {
    const { body } = await ann.prompt({ ...greet, arguments: args });
    const answer = await ann.call('POST', `/prompts/${body.id}`, given);
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toBe(text);
  });

  it('say what is missing when they are got without arguments', async () => {
    const { body } = await ann.prompt({ ...greet, arguments: args });
    expect((await ann.call('GET', `/prompts/${body.id}`)).body.detail).toBe('Missing required argument: what');
  });

  it('never become larger than is allowed', async () => {
    const { body } = await ann.prompt({ template: '{{a}}'.repeat(2000), arguments: [{ name: 'a' }] });
    const answer = await ann.call('POST', `/prompts/${body.id}`, { a: 'x'.repeat(500_000) });
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toContain('PROMPT_MAX_RENDERED_BYTES');
  });

  it.each([
    [413, { template: 'x'.repeat(10_241) }, 'CONTENT_MAX_PROMPT_SIZE'],
    [422, { template: undefined }, 'template is required'],
    [422, { template: '{{ config }}' }, 'template names config'],
    [422, { template: '${7*7}' }, 'template holds ${'],
    [422, { template: '{{=<% %>=}}' }, 'template holds <%'],
    [422, { template: '{{> other}}' }, 'template has the tag'],
    [422, { template: '{{#a}}', arguments: [{ name: 'a' }] }, 'is not balanced'],
    [422, { arguments: [{ name: 'constructor' }] }, 'no member of every object'],
    [422, { arguments: [{ name: 'a' }, { name: 'a' }] }, 'must not name one twice'],
    [422, { arguments: [null] }, 'arguments'],
    [422, { arguments: 'a' }, 'arguments'],
    [422, { arguments: [{ name: 'a', default: 'x' }] }, 'default'],
    [422, { arguments: Array.from({ length: 51 }, (_, index) => ({ name: `a${index}` })) }, 'arguments'],
    [
      413,
      { arguments: Array.from({ length: 50 }, (_, index) => ({ name: `a${index}`, description: '世'.repeat(1024) })) },
      '60000 bytes',
    ],
    [422, { name: 'a/b' }, 'name is not of'],
    [422, { ownerEmail: BOB }, 'ownerEmail'],
    [403, { teamId: 'blue' }, 'this team'],
  ])('answers %i to %j', async (status, wrong, text) => {
    const answer = await ann.prompt(wrong);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(text);
  });

  it('go by a name only among what the caller may see', async () => {
    const name = 'shared name';
    const anns = await ann.prompt({ name, template: 'ann', visibility: 'private' });
    const bobs = await bob.prompt({ name, template: 'bob', visibility: 'private' });
    const [mine, his] = [await ann.call('GET', `/prompts/${name}`), await bob.call('GET', `/prompts/${name}`)];
    expect(mine.body.messages[0].content.text).toBe('ann');
    expect(his.body.messages[0].content.text).toBe('bob');
    expect((await bob.call('GET', `/prompts/${anns.body.id}`)).status).toBe(404);
    expect((await bob.call('PUT', `/prompts/${anns.body.id}`, { template: 'x' })).status).toBe(404);
    await bob.call('PUT', `/prompts/${bobs.body.id}`, { visibility: 'public' });
    const both = await ann.call('GET', `/prompts/${name}`);
    expect(both.status).toBe(409);
    for (const { body } of [anns, bobs]) expect(both.body.detail).toContain(body.id);
    expect((await bob.call('GET', `/prompts/${name}`)).status).toBe(200);
    expect((await ann.call('PUT', `/prompts/${bobs.body.id}`, { template: 'x' })).status).toBe(403);
  });
});

it('takes only listed MIME types where that is asked for', async () => {
  const strict = await RunningGateway.start({ CONTENT_STRICT_MIME_VALIDATION: 'true' });
  const make = (mimeType: string) =>
    strict.rest('POST', '/resources', { uri: `test://${(uris += 1)}`, name: 'r', content: 'x', mimeType });
  try {
    expect((await make('text/x-python')).status).toBe(415);
    const { status, body } = await make('Text/Plain; charset=utf-8');
    expect(status).toBe(200);
    expect((await strict.rest('PUT', `/resources/${body.id}`, { mimeType: 'application/x-sh' })).status).toBe(415);
  } finally {
    await strict.stop();
  }
});
