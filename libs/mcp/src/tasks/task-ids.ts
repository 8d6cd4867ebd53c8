import { type MemberPath, spanAt } from '../bridge/span-at.js';
import type { Span } from '../json-scan.js';
import { isJsonObject } from '../json-rpc.js';
import { splice } from '../splice.js';
import { RELATED_TASK } from './tasks-capability.js';

/** Longest id of an upstream's task that is passed on, characters. */
export const LONGEST_TASK_ID = 512;

/** Where a message may say to which task it belongs; `result.result` is what a task of 2026-07-28 came to. */
const RELATED: readonly MemberPath[] = [
  ['params', '_meta', RELATED_TASK, 'taskId'],
  ['result', '_meta', RELATED_TASK, 'taskId'],
  ['result', 'result', '_meta', RELATED_TASK, 'taskId'],
];

/**
 * The message with other ids for tasks, every other byte as it was. Undefined where the id at `place` is none, or none that
 * has another; what a message only belongs to is left as it is when it is not known.
 * @param message one that is JSON
 * @param place of the id that the message is about, if it is about one
 */
export function withTaskIds(
  message: Buffer,
  place: MemberPath | undefined,
  idFor: (id: string) => string | undefined,
): Buffer | undefined {
  const at = place && spanAt(message, place);
  const about = at && idAt(message, at, idFor);
  if (place && (!at || about === undefined)) return undefined;
  const edits = at && about !== undefined ? [{ span: at, bytes: Buffer.from(JSON.stringify(about)) }] : [];
  if (message.includes(RELATED_TASK)) {
    for (const related of RELATED) {
      const span = spanAt(message, related);
      const id = span && idAt(message, span, idFor);
      if (span && id !== undefined) edits.push({ span, bytes: Buffer.from(JSON.stringify(id)) });
    }
  }
  return edits.length === 0 ? message : splice(message, edits);
}

/** The id of a task; undefined for what can't be one. */
export function taskIdAt(message: Buffer, place: MemberPath): string | undefined {
  const span = spanAt(message, place);
  return span && idAt(message, span, (id) => id);
}

export const isTaskId = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= LONGEST_TASK_ID;

function idAt(message: Buffer, { start, end }: Span, idFor: (id: string) => string | undefined): string | undefined {
  const id: unknown = JSON.parse(message.toString('utf8', start, end));
  return isTaskId(id) ? idFor(id) : undefined;
}

/** What an upstream of 2025-11-25 lists, with other ids; what has none is left out. */
export function listedTasks(result: unknown, idFor: (id: string) => string | undefined): object[] {
  const tasks = isJsonObject(result) ? result['tasks'] : undefined;
  if (!Array.isArray(tasks)) return [];
  return tasks.flatMap((task: unknown) => {
    const id = isJsonObject(task) && isTaskId(task['taskId']) ? idFor(task['taskId']) : undefined;
    return isJsonObject(task) && id !== undefined ? [{ ...task, taskId: id }] : [];
  });
}
