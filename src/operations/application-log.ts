import type { LoggerService } from '@nestjs/common';
import nestWinston from 'nest-winston';
import winston from 'winston';
import type { LogSettings } from './log.settings.js';

/** Nest's own, at start: one for what can't be built, one for a port that can't be listened on. */
const TELLERS = new Set<unknown>(['ExceptionHandler', 'NestApplication']);

const sifted = winston.format((info) => {
  // What ends the start is told once, by whoever started the gateway.
  if (info.level === 'error' && TELLERS.has(info['context'])) return false;
  // nest-winston shows the stack that Nest's logger may be given even when it was given none.
  if (Array.isArray(info['stack']) && info['stack'][0] === undefined) delete info['stack'];
  return info;
});

const MESSAGE = Symbol.for('message');

/** JSON leaves these as they are; a terminal obeys some of them, and some readers end a line at others. */
const unarmed = winston.format((info) => {
  const line = info[MESSAGE];
  if (typeof line === 'string') info[MESSAGE] = line.replaceAll(/[\u007f-\u009f\u2028\u2029]/g, escaped);
  return info;
});

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The log of the application itself; calls are written to the usage log. */
export function applicationLog({ level, format }: LogSettings): LoggerService {
  const { combine, timestamp, errors, json, printf } = winston.format;
  // What is logged goes through JSON in both forms: a control character in a name could forge a line.
  const text = printf((info) => `${String(info['timestamp'])} ${info.level} ${printable(info)}`);
  return nestWinston.WinstonModule.createLogger({
    level,
    format: combine(
      sifted(),
      timestamp(),
      errors({ stack: true }),
      format === 'json' ? json({ replacer: errorText }) : text,
      unarmed(),
    ),
    transports: [new winston.transports.Console({ stderrLevels: ['error'] })],
  });
}

function printable({ level: _level, timestamp: _timestamp, ...rest }: winston.Logform.TransformableInfo): string {
  return JSON.stringify(rest, errorText);
}

/** An Error has no enumerable members, so JSON would show nothing of it. */
function errorText(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}
