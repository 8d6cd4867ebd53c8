/** How a text comes to the gate: each makes the value that the guardrails see. */
export const SHAPES = {
  argument: (text) => ({ input: text }),
  'nested 5 deep': (text) => ({ a: { b: [{ c: { d: { input: text } } }] } }),
  key: (text) => ({ [text]: true }),
  structuredContent: (text) => ({
    content: [{ type: 'text', text: 'See the structured content.' }],
    structuredContent: { result: { value: text } },
  }),
  'embedded resource': (text) => ({
    content: [{ type: 'resource', resource: { uri: 'file:///sample.txt', mimeType: 'text/plain', text } }],
  }),
  base64: (text) => ({ content: [{ type: 'text', text: Buffer.from(text).toString('base64') }] }),
  'JSON in string': (text) => ({ content: [{ type: 'text', text: JSON.stringify({ id: 7, value: text }) }] }),
};
