import { Injectable } from '@nestjs/common';
import { arrivalId } from '../../audit/arrival-id.js';
import { BatchWriter } from '../../audit/batch-writer.js';
import { logText, optionalLogText } from '../../audit/log-text.js';
import type { HookEvent } from '../chain/run-hook.js';
import { PluginsSettings } from '../plugins.settings.js';
import { PluginEvents } from './plugin-events.js';
import type { PluginEvent } from './plugin-event.entity.js';
import { PluginEventRepository } from './plugin-event.repository.js';

/** Blocks and errors may fill the queue to so many times its size: what was only changed goes first. */
const OVERFULL = 2;
const ORDINARY: ReadonlySet<string> = new Set(['noted', 'modified', 'answered']);
/** JSON text. */
const LONGEST_DETAILS = 4000;

/** Writes down what plugins did. A full queue holds no call back; what it has no room for is counted. */
@Injectable()
export class PluginEventWriter extends BatchWriter<PluginEvent> {
  constructor(
    repository: PluginEventRepository,
    events: PluginEvents,
    private readonly settings: PluginsSettings,
  ) {
    super(repository, 'events of plugins', settings.eventFlushMs);
    events.listen((event) => this.#push(event));
  }

  #push(event: HookEvent): void {
    const { eventQueue } = this.settings;
    const ordinary = ORDINARY.has(event.outcome);
    this.add(rowOf(event), ordinary ? eventQueue : OVERFULL * eventQueue);
  }
}

function rowOf({ plugin, hook, outcome, ms, violation, error, metadata, facts }: HookEvent): PluginEvent {
  const now = Date.now();
  const { target } = facts;
  return {
    id: arrivalId(now),
    timestamp: new Date(now),
    correlationId: logText(facts.requestId, 64),
    userEmail: logText(facts.user, 191),
    teamId: facts.tenantId ?? null,
    serverId: facts.serverId ?? null,
    pluginName: plugin.run.name,
    pluginKind: plugin.definition.name,
    hook,
    outcome,
    code: violation ? logText(violation.code, 64) : null,
    target: optionalLogText(target?.name ?? null, 255),
    targetId: target?.id ?? null,
    latencyUs: Math.min(Math.round(ms * 1000), 2_000_000_000),
    details: bounded(violation?.details ?? metadata),
    error: error === undefined ? null : logText(error, 255),
  };
}

function bounded(details: object | undefined): object | null {
  if (!details) return null;
  const text = JSON.stringify(details);
  return text.length <= LONGEST_DETAILS ? details : { truncated: true };
}
