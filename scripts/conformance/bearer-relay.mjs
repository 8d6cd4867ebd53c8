import { once } from 'node:events';
import { createServer, request } from 'node:http';

/**
 * The suite can send no credential: this adds one on the way and changes nothing else, Host and Origin least of all. Ends
 * with this process.
 * @param {number} at the port to listen on
 * @param {number} port that of the gateway
 * @param {string} token
 */
export async function startBearerRelay(at, port, token) {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` };
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
