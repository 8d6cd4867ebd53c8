import { type FieldLimits, STANDARD_LIMITS } from './field-limits.js';
import { hiddenTextFault } from './hidden-text-fault.js';
import { MAIL_ADDRESS } from './mail-address.js';
import { markupFault } from './markup-fault.js';
import { MIME_TYPE, mimeTypeFault } from './mime-type-fault.js';
import { uriFault, uriTextFault, urlFault } from './uri-fault.js';

interface FieldRule {
  /** What it is, for people. */
  readonly doc: string;
  /** The whole rule or a part of it that a schema can tell: a format of JSON Schema, or an expression. */
  readonly format?: string;
  readonly pattern?: RegExp;
  /** In characters. */
  readonly longest: (limits: FieldLimits) => number;
  readonly mayBeEmpty?: true;
  /** Completes "it …". */
  readonly fault: (text: string, limits: FieldLimits) => string | undefined;
}

const is = (pattern: RegExp, what: string): Pick<FieldRule, 'pattern' | 'fault'> => ({
  pattern,
  fault: (text) => (pattern.test(text) ? undefined : `is not ${what}`),
});

const shown = (text: string): string | undefined => hiddenTextFault(text) ?? markupFault(text);

function lineFault(text: string): string | undefined {
  if (/[\t\n\r\p{Zl}\p{Zp}]/u.test(text)) return 'holds a line break or a tab';
  return shown(text) ?? (/[<>]/.test(text) ? 'holds < or >' : undefined);
}

/** The longest name of a tool in the MCP specification. */
const LONGEST_TOOL_NAME = 128;
const ofName = ({ nameLength }: FieldLimits): number => nameLength;
const ofUrl = ({ urlLength }: FieldLimits): number => urlLength;
const fixed = (length: number) => (): number => length;

/** Every kind of field, and the one rule for it. */
export const FIELD_RULES = {
  name: {
    doc: 'letters, digits, space, `_`, `.`, `-`',
    longest: ofName,
    ...is(/^[a-zA-Z0-9_.\- ]+$/, 'of letters, digits, spaces, _ . and - alone'),
  },
  line: {
    doc: 'one line in any script; no `<`, `>`, dangerous markup or hidden characters',
    longest: ofName,
    fault: lineFault,
  },
  text: {
    doc: 'any text and Markdown; no dangerous markup or hidden characters',
    longest: ({ descriptionLength }) => descriptionLength,
    mayBeEmpty: true,
    fault: shown,
  },
  identifier: {
    doc: 'letters, digits, `_`, `.`, `-`',
    longest: ofName,
    ...is(/^[a-zA-Z0-9_.-]+$/, 'of letters, digits, _ . and - alone'),
  },
  id: {
    doc: 'letters, digits, `-`',
    longest: fixed(36),
    ...is(/^[A-Za-z0-9-]+$/, 'an id of letters, digits and hyphens'),
  },
  tag: {
    doc: 'lower-case letters, digits, `-`, `:`, `.`, two at least, neither end a sign',
    longest: fixed(50),
    ...is(/^[a-z0-9][a-z0-9\-:.]*[a-z0-9]$/, 'a tag'),
  },
  toolName: {
    doc: 'a letter, digit or `_`, then also `.`, `/`, `-`',
    longest: fixed(LONGEST_TOOL_NAME),
    ...is(/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/, 'of A-Z a-z 0-9 _ . / - alone, the first a letter, digit or _'),
  },
  promptName: {
    doc: 'as the name of a tool, and spaces',
    longest: fixed(LONGEST_TOOL_NAME),
    ...is(/^[A-Za-z0-9_][A-Za-z0-9_./ -]*$/, 'of A-Z a-z 0-9 _ . / - and space alone, the first a letter, digit or _'),
  },
  method: {
    doc: 'a letter, then letters, digits, `_`, `.`, `/`, `-`',
    longest: ({ methodLength }) => methodLength,
    ...is(/^[a-zA-Z][a-zA-Z0-9_./-]*$/, 'the name of an RPC method'),
  },
  email: {
    doc: 'one plain e-mail address',
    format: 'email',
    longest: fixed(191),
    ...is(MAIL_ADDRESS, 'an e-mail address'),
  },
  url: {
    doc: 'an absolute address with an allowed scheme; no credentials, no fragment',
    format: 'uri',
    longest: ofUrl,
    fault: (text, { urlSchemes }) => urlFault(text, urlSchemes),
  },
  uri: {
    doc: 'an absolute URI of any scheme but `javascript:`, `vbscript:`, `data:`; no quotes, `<`, `>`, `\\`, `..`',
    format: 'uri',
    longest: ofUrl,
    fault: uriFault,
  },
  uriTemplate: { doc: 'as a URI, with `{…}` of RFC 6570', format: 'uri-template', longest: ofUrl, fault: uriTextFault },
  mimeType: {
    doc: '`type/subtype`, with parameters or without, of those allowed',
    pattern: MIME_TYPE,
    longest: fixed(255),
    fault: (text, { mimeTypes }) => mimeTypeFault(text, mimeTypes),
  },
  template: {
    doc: 'as text; what stands in `{{…}}` is judged apart',
    longest: ({ templateLength }) => templateLength,
    fault: shown,
  },
  content: {
    doc: 'any text without NUL',
    longest: ({ contentLength }) => contentLength,
    mayBeEmpty: true,
    fault: (text) => (text.includes('\0') ? 'holds a NUL' : undefined),
  },
} as const satisfies Readonly<Record<string, FieldRule>>;

/** Members of JSON Schema. Lengths are characters. */
export interface FieldSchema {
  readonly minLength?: number;
  readonly maxLength: number;
  readonly format?: string;
  readonly pattern?: string;
}

export type FieldKind = keyof typeof FIELD_RULES;

/** Judges text that comes from outside, from a request as from an upstream: it is taken as it is, or refused. */
export class FieldRules {
  static readonly STANDARD = new FieldRules(STANDARD_LIMITS);

  constructor(readonly limits: FieldLimits) {}

  /** In characters. @param most of the field itself, where that is less than its kind may have */
  longest(kind: FieldKind, most = Number.POSITIVE_INFINITY): number {
    return Math.min(FIELD_RULES[kind].longest(this.limits), most);
  }

  /** What JSON Schema can say of the rule; texts that keep it may still break the rest. */
  schema(kind: FieldKind, most?: number): FieldSchema {
    const { format, pattern, mayBeEmpty }: FieldRule = FIELD_RULES[kind];
    return {
      ...(!mayBeEmpty && { minLength: 1 }),
      maxLength: this.longest(kind, most),
      ...(format !== undefined && { format }),
      ...(pattern !== undefined && { pattern: pattern.source }),
    };
  }

  /** Why a text can't be of the kind, completing "it …"; undefined when it can. Linear time, nothing beyond the limit. */
  fault(kind: FieldKind, text: string, most?: number): string | undefined {
    const rule: FieldRule = FIELD_RULES[kind];
    const longest = this.longest(kind, most);
    if (text.length > longest) return `is longer than ${longest} characters`;
    if (text === '') return rule.mayBeEmpty ? undefined : 'is empty';
    return rule.fault(text, this.limits);
  }
}
