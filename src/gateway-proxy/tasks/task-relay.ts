import { type IncomingFrame, isJsonObject, taskIdAt, type MemberPath, withTaskIds } from '#libs/mcp';

const OF_RESULT: MemberPath = ['result', 'taskId'];
const OF_MADE: MemberPath = ['result', 'task', 'taskId'];
const OF_STATUS: MemberPath = ['params', 'taskId'];
const STATUS = new Set<unknown>(['notifications/tasks', 'notifications/tasks/status']);

/** Which tasks a call may speak of. */
export interface KnownTasks {
  /** The id under which the client knows a task of the upstream, if it was made here. */
  readonly known: (taskId: string) => string | undefined;
  /** The id of one that this call has made. */
  readonly made?: (taskId: string) => string;
}

/** Puts the gate's ids of tasks in the place of the upstream's, in all that one call brings down. */
export class TaskRelay {
  constructor(
    private readonly method: string,
    private readonly era: 'legacy' | 'modern',
    private readonly tasks: KnownTasks,
  ) {}

  /** Undefined for an answer about a task that is none, or was not made here. @param body the answer as it goes down */
  answer(body: Buffer, frame: IncomingFrame): Buffer | undefined {
    const { known, made } = this.tasks;
    return sound(() => withTaskIds(body, this.#placeIn(body, frame), (id) => known(id) ?? made?.(id)));
  }

  /** A notification or request before the answer. Undefined where it is about a task that was not made here. */
  message(bytes: Buffer): Buffer | undefined {
    return sound(() => {
      const message: unknown = JSON.parse(bytes.toString('utf8'));
      const place = isJsonObject(message) && STATUS.has(message['method']) ? OF_STATUS : undefined;
      return withTaskIds(bytes, place, this.tasks.known);
    });
  }

  #placeIn(body: Buffer, { bytes, scan }: IncomingFrame): MemberPath | undefined {
    if (!scan.result) return undefined;
    if (this.method !== 'tools/call') return taskIdAt(body, OF_RESULT) === undefined ? undefined : OF_RESULT;
    if (this.era === 'legacy') return taskIdAt(body, OF_MADE) === undefined ? undefined : OF_MADE;
    const type = scan.resultType && bytes.toString('utf8', scan.resultType.start, scan.resultType.end);
    return type !== undefined && JSON.parse(type) === 'task' ? OF_RESULT : undefined;
  }
}

/** What an upstream frames well need not be JSON. */
function sound(read: () => Buffer | undefined): Buffer | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
