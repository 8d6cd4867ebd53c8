import { type EntityManager, In } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { ToolEntity } from '../../registry/items/tool.entity.js';
import type { Flag } from './integrity-keeper.js';
import { nextState } from './next-state.js';
import type { Verdict } from './tool-judge.js';
import { ToolIntegrityRow, type ToolState } from './tool-integrity.entity.js';

/** A tool as an upstream describes it now. */
export interface SeenTool {
  readonly upstreamKey: string;
  readonly name: string;
  readonly text: string;
  readonly hash: string;
  /** Left out where the definition was known before. */
  readonly verdict?: Verdict;
}

/** A tool that is new, or described otherwise than before. */
export interface RecordedTool {
  readonly toolId: string;
  readonly name: string;
  readonly state: ToolState;
  readonly isNew: boolean;
  readonly flags: readonly Flag[];
}

type Known = Pick<
  ToolIntegrityRow,
  'id' | 'toolId' | 'upstreamKey' | 'state' | 'currentHash' | 'approvedHash' | 'decidedBy'
>;

/** Tools of one gateway that are gone and still remembered; with more of them nothing new is trusted. */
const MOST_REMEMBERED = 5000;
/** Rows of one statement; each has up to 120 KB. */
const CHUNK = 40;
/** Somebody else changed the definition between the look at it and now. */
const UNJUDGED: Verdict = { first: 'pending', flags: [] };

export async function knownTools(manager: EntityManager, gatewayId: string): Promise<ReadonlyMap<string, Known>> {
  const select = { id: true, toolId: true, upstreamKey: true, state: true, currentHash: true, approvedHash: true };
  const rows = await manager.find(ToolIntegrityRow, { select: { ...select, decidedBy: true }, where: { gatewayId } });
  return new Map(rows.map((row) => [row.upstreamKey, row]));
}

/** Writes down what the tools of one gateway are now, once they are stored. @returns those whose definition is new */
export async function recordTools(
  manager: EntityManager,
  gatewayId: string,
  seen: readonly SeenTool[],
): Promise<readonly RecordedTool[]> {
  const known = await knownTools(manager, gatewayId);
  const stored = await manager.find(ToolEntity, { select: { id: true, upstreamKey: true }, where: { gatewayId } });
  const ids = new Map(stored.map(({ id, upstreamKey }) => [upstreamKey, id]));
  const gone = [...known.values()].filter(({ upstreamKey }) => !ids.has(upstreamKey));
  const recorded: RecordedTool[] = [];
  const fresh: ToolIntegrityRow[] = [];
  for (const tool of seen) {
    const [toolId, row] = [ids.get(tool.upstreamKey), known.get(tool.upstreamKey)];
    if (toolId === undefined) continue;
    if (row?.currentHash === tool.hash) {
      if (row.toolId !== toolId) await manager.update(ToolIntegrityRow, row.id, { toolId });
      continue;
    }
    const current = currentOf(tool, toolId, row, gone.length < MOST_REMEMBERED);
    recorded.push({ toolId, name: tool.name, state: current.state, isNew: row === undefined, flags: current.flags });
    if (row) await manager.update(ToolIntegrityRow, row.id, current);
    else fresh.push({ ...firstOf(gatewayId, tool, current), ...current });
  }
  for (let at = 0; at < fresh.length; at += CHUNK) await insert(manager, fresh.slice(at, at + CHUNK));
  await forget(manager, gone);
  return recorded;
}

type Current = Pick<ToolIntegrityRow, 'toolId' | 'state' | 'flags' | 'currentHash' | 'currentDefinition' | 'changedAt'>;

function currentOf(
  { hash, text, verdict = UNJUDGED }: SeenTool,
  toolId: string,
  row: Known | undefined,
  trusts: boolean,
): Current {
  const first = verdict.first === 'approved' && !trusts ? 'pending' : verdict.first;
  const state = nextState(row, hash, first);
  return {
    toolId,
    state,
    flags: [...verdict.flags],
    currentHash: hash,
    currentDefinition: text,
    changedAt: new Date(),
  };
}

/** Another replica that starts may have written the same. */
async function insert(manager: EntityManager, rows: ToolIntegrityRow[]): Promise<void> {
  await manager.createQueryBuilder().insert().into(ToolIntegrityRow).values(rows).orIgnore().execute();
}

function firstOf(gatewayId: string, { upstreamKey, name, text, hash }: SeenTool, { state, changedAt }: Current) {
  const trusted = state === 'approved';
  return {
    id: newId(),
    gatewayId,
    upstreamKey,
    name,
    approvedHash: trusted ? hash : null,
    approvedDefinition: trusted ? text : null,
    decidedBy: null,
    decidedAt: null,
    firstSeenAt: changedAt,
  };
}

/** What somebody decided is remembered, or a tool would be new again, and trusted, after it was away. */
async function forget(manager: EntityManager, gone: readonly Known[]): Promise<void> {
  const undecided = gone.filter(({ approvedHash, decidedBy }) => approvedHash === null && decidedBy === null);
  const remembered = gone.filter((row) => !undecided.includes(row) && row.toolId !== null);
  for (const ids of chunksOf(undecided)) await manager.delete(ToolIntegrityRow, { id: In(ids) });
  for (const ids of chunksOf(remembered)) await manager.update(ToolIntegrityRow, { id: In(ids) }, { toolId: null });
}

const chunksOf = (rows: readonly Known[]): string[][] =>
  Array.from({ length: Math.ceil(rows.length / 500) }, (_, chunk) =>
    rows.slice(chunk * 500, (chunk + 1) * 500).map(({ id }) => id),
  );
