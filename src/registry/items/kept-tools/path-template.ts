const VARIABLE = /\{([^{}]*)\}/;
/** How a template names an argument. */
export const ARGUMENT_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;
const LITERAL = /^[\w.~!$&'()*+,;=:@%-]*$/;
// What the next hop may take for an end of a segment, and a parameter of one.
const DOT_SEGMENT = /(?:^|[\\/;])\.{1,2}(?:$|[\\/;])/;
const ENCODED_STEP = /%(?:2e|2f|5c|00)/i;
/** As often as a value may have been encoded by those who hope that it is decoded as often. */
const DECODINGS = 4;

interface Part {
  readonly text: string;
  readonly isArgument: boolean;
}

/** Why a path can't be written; completes "path …" or "argument …". */
export interface PathFault {
  readonly fault: string;
}

/** The path of an address with arguments in it, such as `/users/{id}/files/{name}.json`. */
export class PathTemplate {
  readonly names: readonly string[];

  private constructor(private readonly segments: readonly (readonly Part[])[]) {
    this.names = segments.flat().flatMap(({ text, isArgument }) => (isArgument ? [text] : []));
  }

  static parse(path: string): PathTemplate | PathFault {
    if (path !== '' && !path.startsWith('/')) return { fault: 'must begin with /' };
    const segments: Part[][] = [];
    for (const segment of path.split('/').slice(1)) {
      const parts = segment.split(VARIABLE).map((text, index) => ({ text, isArgument: index % 2 === 1 }));
      const fault = parts.map(partFault).find((found) => found !== undefined) ?? stepFault(segment);
      if (fault !== undefined) return { fault };
      segments.push(parts);
    }
    if (segments.slice(0, -1).some((parts) => parts.every(({ text }) => text === '')))
      return { fault: 'must not have an empty segment' };
    return new PathTemplate(segments);
  }

  /** The path with the values in it, percent-encoded: each stays in its segment, and no segment becomes `.`, `..` or empty. */
  expand(values: ReadonlyMap<string, string>): string | PathFault {
    const filled: string[] = [];
    for (const parts of this.segments) {
      for (const { text, isArgument } of parts) {
        const fault = isArgument ? valueFault(values.get(text)) : undefined;
        if (fault !== undefined) return { fault: `${text} ${fault}` };
      }
      const raw = parts.map(({ text, isArgument }) => (isArgument ? (values.get(text) ?? '') : text)).join('');
      if (raw === '.' || raw === '..') return { fault: 'makes a segment of the path that leads out of it' };
      filled.push(
        parts.map(({ text, isArgument }) => (isArgument ? encodeURIComponent(values.get(text) ?? '') : text)).join(''),
      );
    }
    return filled.length === 0 ? '/' : filled.map((segment) => `/${segment}`).join('');
  }
}

function partFault({ text, isArgument }: Part): string | undefined {
  if (isArgument) return ARGUMENT_NAME.test(text) ? undefined : `has {${text}}, which names no argument`;
  return LITERAL.test(text) ? undefined : 'must be percent-encoded';
}

function stepFault(segment: string): string | undefined {
  if (DOT_SEGMENT.test(segment) || ENCODED_STEP.test(segment))
    return 'must not have . or .. as a segment, or encoded slashes';
  return undefined;
}

function valueFault(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return 'must not be empty: it is part of the path';
  if (/[\p{Control}\p{Surrogate}]/u.test(value)) return 'must not hold control characters';
  return leadsOut(value) ? 'must not lead out of its place in the path' : undefined;
}

/** Whether some reader of the path may take the value for steps in it, however often that reader decodes. */
function leadsOut(value: string): boolean {
  let text = value;
  for (let times = 0; times < DECODINGS; times += 1) {
    if (DOT_SEGMENT.test(text)) return true;
    const decoded = text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}
