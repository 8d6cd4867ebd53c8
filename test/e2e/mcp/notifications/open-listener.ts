import { expect } from 'vitest';
import { modernMessage, type RawCaller } from '../raw-caller.js';
import type { Era } from '../raw-gate.js';
import { EventStream, McpClient } from '../sessions/mcp-client.js';

export const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
export const LISTS_CHANGED = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };

/** A `subscriptions/listen` with its acknowledgement. */
export async function listen(
  caller: RawCaller,
  notifications: object,
  id: string | number = 'mine',
  signal?: AbortSignal,
): Promise<{ readonly stream: EventStream; readonly acknowledged: ReturnType<typeof JSON.parse> }> {
  const { body, headers } = modernMessage('subscriptions/listen', { notifications }, { id });
  const stream = new EventStream(await caller.open(body, headers, signal));
  const acknowledged = await stream.message();
  expect(acknowledged).toMatchObject({ method: 'notifications/subscriptions/acknowledged' });
  return { stream, acknowledged: acknowledged.params };
}

/** The stream of a client that hears of all lists, and of the resources named. */
export async function listening(era: Era, caller: RawCaller, uris: readonly string[] = []): Promise<EventStream> {
  if (era === 'modern') return (await listen(caller, { ...LISTS_CHANGED, resourceSubscriptions: uris })).stream;
  const client = await McpClient.open(caller);
  for (const uri of uris) expect((await client.request('resources/subscribe', { uri })).status).toBe(200);
  return new EventStream(await client.listen());
}
