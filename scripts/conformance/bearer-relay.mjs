import { once } from 'node:events';
import { createServer, request } from 'node:http';

/**
 * The suite can send no credential: this adds one on the way, where there is none, and changes nothing else, Host and Origin
 * least of all. Each request goes to the next replica. Ends with this process.
 * @param {number} at the port to listen on
 * @param {number[]} ports those of the replicas
 * @param {string} token
 */
export async function startBearerRelay(at, ports, token) {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const port = ports[turn++ % ports.length];
    const headers = { authorization: `Bearer ${token}`, ...incoming.headers };
    const { method, url: path } = incoming;
    const onward = request(
      { host: '127.0.0.1', port, method, path, headers, agent: false, setHost: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.rawHeaders);
        outgoing.flushHeaders();
        answer.pipe(outgoing);
        answer.on('error', () => outgoing.destroy());
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.listen(at, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
}
