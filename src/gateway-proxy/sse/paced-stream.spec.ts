import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { RequestContext } from '../../http/request-context.js';
import { StandaloneStream } from '../sessions/standalone-streams.js';
import { PacedStream } from './paced-stream.js';
import { MOST_WAITING } from './stream-queues.js';

const LARGE = Buffer.alloc(MOST_WAITING + 1);

/** A client that reads when it is told to. */
class Reader extends Writable {
  readonly got: string[] = [];
  #read: (() => void)[] = [];

  constructor() {
    super({ highWaterMark: 1 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.got.push(chunk.toString());
    this.#read.push(done);
  }

  read(): void {
    for (const done of this.#read.splice(0)) done();
  }
}

describe(PacedStream.name, () => {
  let reader: Reader;
  let stream: PacedStream;
  beforeEach(() => {
    reader = new Reader();
    const standalone = new StandaloneStream(new RequestContext(new IncomingMessage(new Socket())));
    standalone.answer.sendTo(reader);
    stream = new PacedStream(standalone);
  });

  it('passes one event after the other, when the client has read the one before', async () => {
    const passed = ['a', 'b', 'c'].map((text) => stream.pass(Buffer.from(text)));
    await passed[0];
    expect(reader.got).toEqual(['a']);
    reader.read();
    await passed[1];
    expect(reader.got).toEqual(['a', 'b']);
    reader.read();
    expect(await Promise.all(passed)).toEqual([true, true, true]);
    expect(reader.got).toEqual(['a', 'b', 'c']);
  });

  it('breaks when too much waits for a client that does not read', async () => {
    await stream.pass(Buffer.from('a'));
    void stream.pass(LARGE);
    expect(reader.destroyed).toBe(false);
    expect(await stream.pass(Buffer.from('c'))).toBe(false);
    expect(reader.destroyed).toBe(true);
  });

  it('takes any event when nothing waits', async () => {
    expect(await stream.pass(LARGE)).toBe(true);
    reader.read();
    expect(await stream.pass(LARGE)).toBe(true);
  });

  it('passes nothing once it is closed', async () => {
    await stream.pass(Buffer.from('a'));
    const waiting = stream.pass(Buffer.from('b'));
    stream.close();
    reader.read();
    expect(await waiting).toBe(false);
    expect(await stream.pass(Buffer.from('c'))).toBe(false);
    expect(reader.got).toEqual(['a']);
  });
});
