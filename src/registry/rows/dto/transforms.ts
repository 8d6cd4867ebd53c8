import type { TransformFnParams } from 'class-transformer';
import { normaliseTags } from '../tags.js';

/** Text for people: control characters are dropped, line breaks and tabs stay, nothing is escaped. */
export const toPlainText = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? value.replaceAll(/[^\P{Control}\n\r\t]/gu, '') : value;

export const toTags = ({ value }: TransformFnParams): unknown => (Array.isArray(value) ? normaliseTags(value) : value);
