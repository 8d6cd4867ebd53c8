// Closed-loop load on one URL: N connections, each sends its next request when the answer to the last one is whole.
// Reads its orders as JSON from standard input, see `Orders`; writes one line of JSON.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { LatencyHistogram } from './latency-histogram.mjs';
import { cpuMicroseconds, residentMebibytes } from './process-stat.mjs';

/**
 * @typedef {object} Orders
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {string} body JSON-RPC request whose id is FIRST_ID
 * @property {number} connections
 * @property {number} warmup seconds, not counted
 * @property {number} seconds
 * @property {number} [pid] the process whose CPU time and memory are read
 */

/** Ten digits, so that every request has the same length and the next id can be written over the last. */
const FIRST_ID = 1_000_000_000;

const ID_KEY = Buffer.from(`"id":${FIRST_ID}`);
const HEAD_END = Buffer.from('\r\n\r\n');
const RESULT = Buffer.from('"result"');
const FAILED = Buffer.from('"isError":true');
const LAST_CHUNK = '0\r\n\r\n';
/** Broken connections after which the run has no meaning. */
const TOO_MANY_BROKEN = 1_000;

let nextId = FIRST_ID;

class Tally {
  histogram = new LatencyHistogram();
  not200 = 0;
  wrongId = 0;
  notResult = 0;
  broken = 0;
  answerBytes = 0;
  /** @type {string | undefined} */
  firstFault = undefined;

  fault(kind, message) {
    this[kind]++;
    this.firstFault ??= `${kind}: ${message.latin1Slice(0, Math.min(message.length, 600))}`;
  }
}

/** What is counted now; replaced when the warm-up is over. */
let tally = new Tally();

class Connection {
  #target;
  #request;
  /** The digits of the id inside the request; and the whole `"id":…`, which the answer has to repeat. */
  #digits;
  #id;
  #socket;
  #chunks = [];
  #size = 0;
  /** Bytes of the whole answer; 0 while unknown, -1 when it is chunked. */
  #expected = 0;
  #bodyAt = 0;
  #sentAt = 0;
  #closed = false;

  constructor(target, requestBytes) {
    this.#target = target;
    this.#request = Buffer.from(requestBytes);
    const at = this.#request.indexOf(ID_KEY);
    this.#id = this.#request.subarray(at, at + ID_KEY.length);
    this.#digits = this.#id.subarray(ID_KEY.length - 10);
    this.#open();
  }

  close() {
    this.#closed = true;
    this.#socket.destroy();
  }

  #open() {
    this.#socket = connect({ host: this.#target.hostname, port: Number(this.#target.port), noDelay: true });
    this.#socket.once('connect', () => this.#send());
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', () => undefined);
    this.#socket.once('close', () => this.#reopen());
  }

  #reopen() {
    if (this.#closed) return;
    tally.fault('broken', Buffer.concat(this.#chunks));
    if (tally.broken > TOO_MANY_BROKEN) throw new Error(`More than ${TOO_MANY_BROKEN} connections broke`);
    this.#open();
  }

  #send() {
    this.#chunks = [];
    this.#size = 0;
    this.#expected = 0;
    this.#digits.latin1Write(String(nextId++));
    this.#sentAt = performance.now();
    this.#socket.write(this.#request);
  }

  #receive(chunk) {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#expected === 0) this.#readHead();
    const whole = this.#expected > 0 ? this.#size >= this.#expected : this.#expected < 0 && endsWithLastChunk(chunk);
    if (!whole) return;
    tally.histogram.record((performance.now() - this.#sentAt) * 1000);
    this.#judge(this.#message());
    this.#send();
  }

  #message() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0];
  }

  #readHead() {
    const message = this.#message();
    const end = message.indexOf(HEAD_END);
    if (end < 0) return;
    this.#bodyAt = end + HEAD_END.length;
    const length = /\r\ncontent-length: *(\d+)/i.exec(message.latin1Slice(0, end));
    this.#expected = length ? this.#bodyAt + Number(length[1]) : -1;
  }

  #judge(message) {
    tally.answerBytes = message.length - this.#bodyAt;
    if (message.latin1Slice(9, 12) !== '200') return tally.fault('not200', message);
    const body = message.subarray(this.#bodyAt);
    const plain = this.#expected < 0 ? unchunked(body) : body;
    if (!plain.includes(this.#id)) return tally.fault('wrongId', message);
    if (!plain.includes(RESULT) || (plain.length < 4096 && plain.includes(FAILED))) tally.fault('notResult', message);
  }
}

/** An answer never has a second one behind it here, and JSON holds no bare line ends, so its end is easy to see. */
function endsWithLastChunk(chunk) {
  return chunk.length >= 5 && chunk.latin1Slice(chunk.length - 5) === LAST_CHUNK;
}

function unchunked(body) {
  const parts = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.latin1Slice(at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

function requestBytes(target, headers, body) {
  const lines = Object.entries({
    Host: target.host,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${target.pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

const seconds = (count) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** @param {Orders} orders */
async function run(orders) {
  const target = new URL(orders.url);
  const bytes = requestBytes(target, orders.headers, orders.body);
  const connections = Array.from({ length: orders.connections }, () => new Connection(target, bytes));
  await seconds(orders.warmup);
  const warm = tally;
  tally = new Tally();
  const began = performance.now();
  const cpuBefore = orders.pid ? cpuMicroseconds(orders.pid) : 0;
  const ownBefore = process.cpuUsage();
  await seconds(orders.seconds);
  const measured = tally;
  const took = (performance.now() - began) / 1000;
  const own = process.cpuUsage(ownBefore);
  const cpu = orders.pid ? cpuMicroseconds(orders.pid) - cpuBefore : 0;
  for (const connection of connections) connection.close();
  return summary(measured, warm, took, cpu, own.user + own.system, orders.pid);
}

function summary({ histogram, ...counted }, warm, took, cpu, ownCpu, pid) {
  const calls = histogram.total;
  return {
    calls,
    callsWithWarmup: calls + warm.histogram.total,
    perSecond: calls / took,
    p50: histogram.percentile(50),
    p99: histogram.percentile(99),
    p999: histogram.percentile(99.9),
    cpuMicrosecondsPerCall: calls > 0 ? cpu / calls : 0,
    loadCpuMicrosecondsPerCall: calls > 0 ? ownCpu / calls : 0,
    residentMebibytes: pid ? residentMebibytes(pid) : 0,
    answerBytes: counted.answerBytes,
    not200: counted.not200,
    wrongId: counted.wrongId,
    notResult: counted.notResult,
    broken: counted.broken + warm.broken,
    ...((counted.firstFault ?? warm.firstFault) && { firstFault: counted.firstFault ?? warm.firstFault }),
  };
}

console.log(JSON.stringify(await run(JSON.parse(await text(process.stdin)))));
