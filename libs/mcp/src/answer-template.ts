const HEAD = Buffer.from('{"jsonrpc":"2.0","id":');

/** A result serialised once and answered many times: only the id changes, so an answer is one copy. */
export class AnswerTemplate {
  readonly #tail: Buffer;

  constructor(resultJson: string) {
    this.#tail = Buffer.from(`,"result":${resultJson}}`);
  }

  /** Bytes of an answer whose id is written `rawId` (JSON text, see `rawId`). */
  fill(rawId: string): Buffer {
    const idBytes = Buffer.byteLength(rawId);
    const answer = Buffer.allocUnsafe(HEAD.length + idBytes + this.#tail.length);
    HEAD.copy(answer, 0);
    answer.write(rawId, HEAD.length);
    this.#tail.copy(answer, HEAD.length + idBytes);
    return answer;
  }
}
