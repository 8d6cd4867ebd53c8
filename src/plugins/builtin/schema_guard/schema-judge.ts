import { parseUrl } from '#libs/egress';
import { compilePattern } from '#libs/guardrails';
import { isJsonObject, type JsonObject } from '#libs/mcp';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import canonicalize from 'canonicalize';
import { PluginConfigError } from '../../plugin-definition.js';
import { boundedSchema, COUNTED } from './schema-bounds.js';

const [MOST_ERRORS, MOST_READ] = [50, 1000];
/** Characters as JSON. Of something larger only the first error is looked for. */
const EXPLAINED = 64 * 1024;

/** References that are followed for one value. A schema that leads to itself in several ways would ask without end. */
const MOST_STEPS = 200_000;
let stepsLeft = 0;

class TooManyStepsError extends Error {}

const countStep = (): boolean => {
  if (--stepsLeft < 0) throw new TooManyStepsError();
  return true;
};

/** Patterns of schemas run in bounded time. `code` is for generated files, of which there are none. */
const regExp = Object.assign((source: string) => compilePattern(source), { code: '' });

function ajv(allErrors: boolean): Ajv2020 {
  const made = new Ajv2020({ strict: false, meta: false, validateSchema: false, allErrors, code: { regExp } });
  formats.default(made);
  // The library's pattern takes time in the square of the text.
  made.addFormat('url', isUrl);
  // The library compares each item with each other one, which takes hours for what fits into a call.
  made.removeKeyword('uniqueItems');
  made.addKeyword({ keyword: COUNTED, before: '$ref', validate: countStep });
  made.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must NOT have duplicate items' },
    validate: (wanted: boolean, items: readonly unknown[]) => !wanted || areUnique(items),
  });
  return made;
}

/** What is wrong with the value; undefined where that can't be told in a reasonable number of steps. */
function ask(validate: ValidateFunction, value: unknown): readonly ErrorObject[] | undefined {
  stepsLeft = MOST_STEPS;
  try {
    return validate(value) ? [] : (validate.errors ?? []);
  } catch (error) {
    if (error instanceof TooManyStepsError || error instanceof RangeError) return undefined;
    throw error;
  }
}

let dialect: Ajv2020 | undefined;

/** Judges values by one schema. */
export class SchemaJudge {
  readonly #check: ValidateFunction;
  readonly #names: ReadonlySet<string>;
  #explain: ValidateFunction | undefined;

  private constructor(private readonly schema: JsonObject) {
    this.#check = ajv(false).compile(schema);
    this.#names = namesIn(schema);
  }

  /** @throws PluginConfigError */
  static of(given: unknown, at: string): SchemaJudge {
    const schema = boundedSchema(given, at);
    dialect ??= new Ajv2020({ strict: false });
    if (dialect.validateSchema(schema) !== true)
      throw new PluginConfigError(
        (dialect.errors ?? [])
          .slice(0, 3)
          .map(({ instancePath, message }) => `${at}${dotted(instancePath)} ${message}`),
      );
    try {
      return new SchemaJudge(schema);
    } catch (error) {
      throw new PluginConfigError([`${at}: ${(error as Error).message}`]);
    }
  }

  /** What is wrong, in words that hold nothing of the value; empty where nothing is. */
  errorsOf(value: unknown): readonly string[] {
    const found = ask(this.#check, value);
    if (found?.length === 0) return [];
    if (!found) return ['The value takes too many steps to judge'];
    const all = JSON.stringify(value).length <= EXPLAINED ? ask(this.#explained(), value) : undefined;
    const words = (all ?? found).slice(0, MOST_READ).map((error) => this.#words(error));
    return [...new Set(words)].slice(0, MOST_ERRORS);
  }

  #explained(): ValidateFunction {
    return (this.#explain ??= ajv(true).compile(this.schema));
  }

  #words({ keyword, instancePath, params, message = 'is not as it should be' }: ErrorObject): string {
    const at = this.#path(instancePath);
    if (keyword === 'required') {
      const missing = (params as { missingProperty: string }).missingProperty;
      return `Missing required property: ${at === '' ? missing : `${at}.${missing}`}`;
    }
    const rule =
      keyword === 'type' ? `Type mismatch: expected ${[(params as { type: unknown }).type].flat().join('|')}` : message;
    return at === '' ? rule : `${at}: ${rule}`;
  }

  /** Names that the schema does not know are the caller's. */
  #path(pointer: string): string {
    const steps = pointer.split('/').slice(1);
    return steps
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
      .map((name) => (/^\d+$/.test(name) ? `[${name}]` : this.#names.has(name) ? `.${name}` : '.*'))
      .join('')
      .replace(/^\./, '');
  }
}

const dotted = (pointer: string): string => pointer.replaceAll('/', '.');

function namesIn(schema: unknown, names = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) for (const part of schema as unknown[]) namesIn(part, names);
  else if (isJsonObject(schema))
    for (const [name, part] of Object.entries(schema)) {
      if (name === 'properties' && isJsonObject(part)) for (const property of Object.keys(part)) names.add(property);
      namesIn(part, names);
    }
  return names;
}

const isUrl = (text: string): boolean => /^(?:https?|ftp):\/\//i.test(text) && parseUrl(text) !== undefined;

function areUnique(items: readonly unknown[]): boolean {
  return new Set(items.map((item) => canonicalize(item))).size === items.length;
}
