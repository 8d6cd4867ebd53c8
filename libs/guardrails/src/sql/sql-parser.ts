import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What the rules read of a statement's tree. */
export interface SqlNode {
  readonly type?: unknown;
  readonly where?: unknown;
}

interface Parser {
  astify(text: string): SqlNode | SqlNode[];
}

const dialects = ['postgresql', 'mysql', 'transactsql', 'sqlite'];
const parsers = new Map<string, Parser>();

/** In characters. The parser is slow, and its time doubles with each nesting: 12 casts in each other take it seconds. */
const longest = 500;
const deepest = 4;

/**
 * @returns the trees of all statements of a text, by the first dialect that can parse it; undefined where none can,
 *   or where the text is longer or more deeply nested than is parsed
 */
export function parseSql(text: string): readonly SqlNode[] | undefined {
  if (text.length > longest || !isShallow(text)) return undefined;
  for (const dialect of dialects) {
    try {
      const trees = parserOf(dialect).astify(text);
      return (Array.isArray(trees) ? trees : [trees]).map(statementOf);
    } catch {
      // The next dialect may know it.
    }
  }
  return undefined;
}

/** Transact-SQL's trees stand in an envelope. */
function statementOf(tree: { readonly stmt?: SqlNode } & SqlNode): SqlNode {
  return tree.stmt ?? tree;
}

function parserOf(dialect: string): Parser {
  let parser = parsers.get(dialect);
  if (parser === undefined) {
    const build = require(`node-sql-parser/build/${dialect}`) as { Parser: new () => Parser };
    parser = new build.Parser();
    parsers.set(dialect, parser);
  }
  return parser;
}

/** Brackets in strings and comments count too: they only make a text look deeper than it is. */
function isShallow(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 40 || code === 91) {
      if (++depth > deepest) return false;
    } else if (code === 41 || code === 93) depth--;
  }
  return depth === 0;
}
