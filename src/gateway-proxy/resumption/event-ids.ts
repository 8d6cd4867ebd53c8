const ID = /^([\w-]{22})\.(\d{1,15})$/;

/** The id of an event: which stream of the session, and which event of it. */
export const eventId = (stream: string, at: number): string => `${stream}.${at}`;

export function readEventId(id: string): { readonly stream: string; readonly at: number } | undefined {
  const [, stream, at] = ID.exec(id) ?? [];
  return stream === undefined ? undefined : { stream, at: Number(at) };
}
