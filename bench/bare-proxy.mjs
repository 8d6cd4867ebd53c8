// The least a proxy on node:http and undici can do: read the body, pass it on, answer with one write. The baseline.
// Its one argument is the origin of the upstream. Writes {"port":…} on its first line of output.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const pool = new Pool(process.argv[2], { connections: 64, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
const OWN = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive']);

class Relay {
  #response;
  #status = 502;
  #type = 'application/json';
  #chunks = [];

  constructor(response) {
    this.#response = response;
  }

  onRequestStart() {}

  onResponseStart(_controller, status, headers) {
    this.#status = status;
    this.#type = headers['content-type'] ?? this.#type;
  }

  onResponseData(_controller, chunk) {
    this.#chunks.push(chunk);
  }

  onResponseEnd() {
    const body = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#response.writeHead(this.#status, { 'Content-Type': this.#type, 'Content-Length': body.length });
    this.#response.end(body);
  }

  onResponseError() {
    this.#response.writeHead(502).end();
  }
}

function forwarded(raw) {
  const headers = [];
  for (let at = 0; at < raw.length; at += 2) {
    if (!OWN.has(raw[at].toLowerCase())) headers.push(raw[at], raw[at + 1]);
  }
  return headers;
}

const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const headers = forwarded(request.rawHeaders);
    pool.dispatch({ path: request.url, method: request.method, headers, body }, new Relay(response));
  });
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
