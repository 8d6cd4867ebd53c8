import { FieldRules } from '#libs/fields';
import { type ArgumentMetadata, ValidationPipe, type ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError, ValidatorOptions } from 'class-validator';
import { type FieldFault, GatewayError } from './errors.js';
import { crowdFault } from './fields/crowd-fault.js';
import { fieldErrors } from './fields/field-errors.js';
import { normaliseId } from './normalise-id.js';

const NUL = '\u0000';
/** Told of one body. */
const MOST_FAULTS = 100;

/** Refuses bodies and queries that break a rule or carry unknown members, naming each field and its rule. */
export const validationPipe = (rules: FieldRules = FieldRules.STANDARD): ValidationPipe =>
  new InputPipe(
    {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      exceptionFactory: (errors) => new GatewayError('validation_failed', firstOfEach(errors)),
    },
    rules,
  );

class InputPipe extends ValidationPipe {
  readonly #rules: FieldRules;

  constructor(options: ValidationPipeOptions, rules: FieldRules) {
    super(options);
    this.#rules = rules;
  }

  protected override async validate(dto: object, options?: ValidatorOptions): Promise<ValidationError[]> {
    const errors = await super.validate(dto, options);
    return [...errors, ...fieldErrors(dto, this.#rules)];
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'param' && typeof value === 'string') return this.#readParam(value, metadata);
    // What our own decorators make of a request, such as the caller.
    if (metadata.type === 'custom') return value;
    const crowd = crowdFault(value);
    if (crowd) throw rooted([crowd], metadata);
    const read = await this.#read(value, metadata);
    const fault = nulIn(read, []);
    if (fault) throw rooted([fault], metadata);
    return read;
  }

  /** What no row can be called is not there: the same answer as for a row that is not, and no question to the database. */
  #readParam(value: string, { data = '' }: ArgumentMetadata): string {
    const isId = /(^id|Id)$/.test(data);
    if (value.includes(NUL) || (isId && !this.#names(value))) throw new GatewayError('not_found');
    return isId ? normaliseId(value) : value;
  }

  /** Some rows go by their name too. */
  #names(value: string): boolean {
    return (['id', 'name'] as const).some((kind) => this.#rules.fault(kind, value) === undefined);
  }

  async #read(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      return (await super.transform(value, metadata)) as unknown;
    } catch (error) {
      if (error instanceof GatewayError && typeof error.detail !== 'string') throw rooted(error.detail, metadata);
      throw error;
    }
  }
}

/** The first text with a NUL. Bodies are bounded in size and depth before they come here. */
function nulIn(value: unknown, loc: readonly string[]): FieldFault | undefined {
  if (typeof value === 'string') {
    return value.includes(NUL) ? { loc, msg: 'must not contain NUL', type: 'isText' } : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const fault = name.includes(NUL) ? nulIn(name, loc) : nulIn(member, [...loc, name]);
    if (fault) return fault;
  }
  return undefined;
}

function rooted(faults: readonly FieldFault[], { type }: ArgumentMetadata): GatewayError {
  return new GatewayError(
    'validation_failed',
    faults.map((fault) => ({ ...fault, loc: [type, ...fault.loc] })),
  );
}

/** Of what both class-validator and the kind of the field have to say, the former. */
function firstOfEach(errors: readonly ValidationError[]): FieldFault[] {
  const faults = errors.flatMap((error) => faultsOf(error, []));
  const first = new Map(faults.toReversed().map((fault) => [fault.loc.join('\0'), fault]));
  return faults.filter((fault) => first.get(fault.loc.join('\0')) === fault).slice(0, MOST_FAULTS);
}

function faultsOf(error: ValidationError, parents: readonly string[]): FieldFault[] {
  const loc = [...parents, error.property];
  return [...ownFault(error, loc), ...(error.children ?? []).flatMap((child) => faultsOf(child, loc))];
}

/** One fault for each field: that it is not there, or else the first rule of its class that it breaks. */
function ownFault({ constraints = {}, property, value }: ValidationError, loc: readonly string[]): FieldFault[] {
  // Decorators register from the bottom up.
  const [type, msg] = Object.entries(constraints).at(-1) ?? [];
  if (type === undefined || msg === undefined) return [];
  if (type === 'whitelistValidation') return [{ loc, msg: `${property} is not known here`, type: 'extra_forbidden' }];
  if (value === undefined) return [{ loc, msg: `${property} is required`, type: 'missing' }];
  return [{ loc, msg, type }];
}
