// Own code because the matchers on npm that were tried fail here: one gives up where it would have to look further
// ("{+a}/b" against "x/b/b"), one takes 0.8 s to compile a hostile template of ten variables, and the MCP SDK's costs
// 35 MB to import. Templates come from upstreams and URIs from clients, so neither may cost more than linear time.

const MAX_LENGTH = 2048;
const MAX_VARIABLES = 10;

/** A compiled URI template. */
export interface UriTemplate {
  /** Whether the URI can be an expansion of the template; false for URIs above 2,048 characters. Linear time. */
  matches(uri: string): boolean;
  readonly variables: readonly string[];
}

/** Why a template can't be used; completes "the template …". */
export interface UriTemplateFault {
  readonly fault: string;
}

/** Where a match may stand in the URI: index i is set when everything before character i is matched. */
type Positions = Uint8Array;
type Step = (uri: string, from: Positions) => Positions;

interface Operator {
  /** What opens the expansion, and what stands between two variables. */
  readonly first: string;
  readonly separator: string;
  /** What a value can't hold. */
  readonly stop: string;
  readonly named?: boolean;
  /** Undefined variables leave nothing behind, so the whole expansion may be absent. */
  readonly optional?: boolean;
}

// RFC 6570 section 3.2. Values are taken more freely than an encoder would write them ("user://{email}" with a bare @).
const OPERATORS: Readonly<Record<string, Operator>> = {
  '': { first: '', separator: '', stop: '/?#' },
  '+': { first: '', separator: '', stop: '' },
  '#': { first: '#', separator: '', stop: '', optional: true },
  '.': { first: '.', separator: '.', stop: './?#', optional: true },
  '/': { first: '/', separator: '/', stop: '/?#', optional: true },
  ';': { first: ';', separator: ';', stop: ';/?#', named: true, optional: true },
  '?': { first: '?', separator: '&', stop: '&#', named: true, optional: true },
  '&': { first: '&', separator: '&', stop: '&#', named: true, optional: true },
};

/**
 * Compiles a template of RFC 6570 levels 1–3 for routing: at most 2,048 characters and ten variables. Of level 4,
 * `*` lets a variable run on over separators and `:n` is read but not enforced.
 */
export function compileUriTemplate(template: string): UriTemplate | UriTemplateFault {
  if (template.length > MAX_LENGTH) return { fault: `is longer than ${MAX_LENGTH} characters` };
  const parts = template.split(/\{([^{}]*)\}/);
  const steps: Step[] = [];
  const variables: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) {
      if (/[{}\s\p{Control}]/u.test(part)) return { fault: 'has a stray brace, a space or a control character' };
      if (part !== '') steps.push(literal(part));
      continue;
    }
    const expression = readExpression(part);
    if (expression === undefined)
      return { fault: `has the expression {${part.slice(0, 40)}}, which RFC 6570 does not know` };
    variables.push(...expression.names);
    steps.push(expression.step);
  }
  if (variables.length > MAX_VARIABLES) return { fault: `has more than ${MAX_VARIABLES} variables` };
  return { variables, matches: (uri) => matchesAll(steps, uri) };
}

function matchesAll(steps: readonly Step[], uri: string): boolean {
  if (uri.length > MAX_LENGTH) return false;
  let positions: Positions = new Uint8Array(uri.length + 1);
  positions[0] = 1;
  for (const step of steps) {
    positions = step(uri, positions);
    if (!positions.includes(1)) return false;
  }
  return positions[uri.length] === 1;
}

function readExpression(text: string): { readonly names: string[]; readonly step: Step } | undefined {
  const [, sign = '', list = ''] = /^([+#./;?&]?)(.*)$/s.exec(text) ?? [];
  const operator = OPERATORS[sign];
  if (operator === undefined) return undefined;
  const specs = list.split(',').map((spec) => /^((?:[\w.-]|%[0-9A-Fa-f]{2}){1,128})(\*|:[1-9]\d{0,3})?$/.exec(spec));
  const names = specs.map((spec) => spec?.[1] ?? '');
  if (names.includes('')) return undefined;
  const exploded = specs.some((spec) => spec?.[2] === '*');
  return { names, step: expansion(operator, names, exploded) };
}

function literal(text: string): Step {
  return (uri, from) => {
    const to = new Uint8Array(from.length);
    for (let at = uri.indexOf(text); at !== -1; at = uri.indexOf(text, at + 1)) to[at + text.length] = from[at] ?? 0;
    return to;
  };
}

function expansion(operator: Operator, names: readonly string[], exploded: boolean): Step {
  const { first, separator, named, optional } = operator;
  const stop = exploded ? '' : operator.stop;
  const item = named && !exploded ? pair(names, stop) : value(stop);
  // Without a separator of its own one run of values covers all variables, commas included.
  const times = separator === '' || exploded ? 1 : names.length;
  const open = first === '' ? undefined : literal(first);
  const next = separator === '' ? undefined : literal(separator);
  return (uri, from) => {
    const to = optional ? from.slice() : new Uint8Array(from.length);
    let ends = open ? open(uri, from) : from;
    for (let time = 0; time < times && ends.includes(1); time++) {
      ends = item(uri, time === 0 || !next ? ends : next(uri, ends));
      add(ends, to);
    }
    return to;
  };
}

/** One character or more of none of the stop characters. */
function value(stop: string): Step {
  return (uri, from) => {
    const to = new Uint8Array(from.length);
    let open = false;
    for (let at = 0; at < uri.length; at++) {
      open = (open || from[at] === 1) && !stop.includes(uri.charAt(at));
      if (open) to[at + 1] = 1;
    }
    return to;
  };
}

/** `name`, `name=` or `name=value` for one of the names, in any order: clients don't keep to the template's. */
function pair(names: readonly string[], stop: string): Step {
  const spelled = names.map(literal);
  const equals = literal('=');
  const filled = value(stop);
  return (uri, from) => {
    const to = new Uint8Array(from.length);
    for (const name of spelled) add(name(uri, from), to);
    const assigned = equals(uri, to);
    add(assigned, to);
    add(filled(uri, assigned), to);
    return to;
  };
}

function add(from: Positions, to: Positions): void {
  for (let at = 0; at < from.length; at++) if (from[at] === 1) to[at] = 1;
}
