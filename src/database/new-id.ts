import { randomUUID } from 'node:crypto';

/** A fresh id: 32 lower-case hex digits. */
export const newId = (): string => randomUUID().replaceAll('-', '');
