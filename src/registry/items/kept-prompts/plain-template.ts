import Mustache from 'mustache';

/** Why a template can't be used; completes "the template …". */
export interface TemplateFault {
  readonly fault: string;
}

/** The name of an argument. No member that every object has: the engine looks names up in objects. */
export const isArgumentName = (name: string): boolean => NAME.test(name) && !(name in Object.prototype);

type Token = readonly [kind: '#' | '^' | 'name' | 'text', value: string, start: number, end: number, inner?: Token[]];
type Values = Readonly<Record<string, string>>;

const NAME = /^[A-Za-z_][\w-]{0,63}$/;
/** What stands between `{{` and `}}`. The few spaces keep the engine's search for the end of a tag cheap. */
const TAG = /^\s{0,8}([#^/]?)\s{0,8}([A-Za-z_][\w-]{0,63})\s{0,8}$/;
const DEEPEST = 16;
const ALLOWED = 'only {{name}}, {{#name}}…{{/name}} and {{^name}}…{{/name}} mean something';

/** What other engines would run. Here it is only text, but what is kept here may be copied to where it is not. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/\{%/, '{%'],
  [/\$\{/, '${'],
  [/#\{/, '#{'],
  [/%\{/, '%{'],
  [/<%/, '<%'],
  [/\{\{\{/, '{{{'],
  [
    /__(class|mro|bases?|subclasses|globals|builtins|import|init|dict|code|getattribute|getattr|proto|self|module)__/i,
    'a name such as __class__',
  ],
];

const writer = new Mustache.Writer();
// Its own cache has no bound.
(writer as { templateCache?: unknown }).templateCache = undefined;

/**
 * A text with places for arguments, in the logic-less part of Mustache that is safe to hand out: variables, and sections
 * that show their text when an argument is given (`#`) or not (`^`). Arguments are text, so a section shows at most once:
 * what comes out is at most the template and each tag's argument once, and takes time in proportion. Nothing is escaped,
 * because the result is no HTML; there are no partials, no lambdas and no other delimiters.
 */
export class PlainTemplate {
  private constructor(private readonly tokens: readonly Token[]) {}

  /**
   * Linear in the text, whose size the caller bounds.
   * @param names of the arguments; any other name is a fault
   */
  static compile(text: string, names: ReadonlySet<string>): PlainTemplate | TemplateFault {
    const fault = foreignIn(text) ?? tagFault(text, names);
    if (fault !== undefined) return { fault };
    try {
      return new PlainTemplate(writer.parse(text) as Token[]);
    } catch (error) {
      // Sections that are not closed, or crosswise; the engine's own words say which.
      return { fault: `is not balanced: ${error instanceof Error ? error.message : 'unknown'}` };
    }
  }

  /** Undefined when the result would have more than `maxBytes` bytes, which is known before anything is made. */
  render(values: ReadonlyMap<string, string>, maxBytes: number): string | undefined {
    const view: Values = Object.assign(Object.create(null), Object.fromEntries(values));
    const sizes = new Map([...values].map(([name, value]) => [name, Buffer.byteLength(value)]));
    if (sizeOf(this.tokens, sizes) > maxBytes) return undefined;
    const tokens = this.tokens as object as string[][];
    return writer.renderTokens(tokens, new Mustache.Context(view), undefined, undefined, { escape: String });
  }
}

function foreignIn(text: string): string | undefined {
  const found = FOREIGN.find(([pattern]) => pattern.test(text));
  return found && `holds ${found[1]}, which means something in other template languages; here ${ALLOWED}`;
}

function tagFault(text: string, names: ReadonlySet<string>): string | undefined {
  let depth = 0;
  for (const part of text.split('{{').slice(1)) {
    const end = part.indexOf('}}');
    if (end === -1) return 'is not balanced: a {{ has no }}';
    const tag = part.slice(0, end);
    const [, sign, name] = TAG.exec(tag) ?? [];
    if (name === undefined) return `has the tag {{${tag.slice(0, 40)}}}; ${ALLOWED}`;
    if (!names.has(name) || !isArgumentName(name)) return `names ${name}, which is none of its arguments`;
    if (sign !== '') depth += sign === '/' ? -1 : 1;
    if (depth > DEEPEST) return `has sections more than ${DEEPEST} deep`;
  }
  return undefined;
}

/** Bytes of what comes out. */
function sizeOf(tokens: readonly Token[], sizes: ReadonlyMap<string, number>): number {
  let bytes = 0;
  for (const [kind, value, , , inner = []] of tokens) {
    const given = sizes.get(value) ?? 0;
    if (kind === 'text') bytes += Buffer.byteLength(value);
    else if (kind === 'name') bytes += given;
    else if (given > 0 === (kind === '#')) bytes += sizeOf(inner, sizes);
  }
  return bytes;
}
