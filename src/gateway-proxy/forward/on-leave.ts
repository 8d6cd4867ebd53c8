import type { Response } from 'express';

/** Calls back when the client goes away before it has its answer. Returns how to call that off. */
export function onLeave(response: Response, callback: () => void): () => void {
  const left = (): void => {
    if (!response.writableFinished) callback();
  };
  response.once('close', left);
  return () => void response.off('close', left);
}
