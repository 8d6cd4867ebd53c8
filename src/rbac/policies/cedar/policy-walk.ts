import { isJsonObject, type JsonObject } from '#libs/mcp';
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { compileGlob } from './glob.js';
import { isArgumentPath } from './read-argument.js';
import { type AttributeReads, groupName, type ReadVariable, type Reads } from './reads.js';

/** A policy that says what cannot be worked out before it is asked. */
export class UnreadablePolicyError extends Error {}

interface Entity {
  readonly type: string;
  readonly id: string;
}

/**
 * Finds what a policy reads in its JSON form. What decisions are remembered by rests on this, so everything that is not
 * known to be harmless counts as read whole, or is refused.
 *
 * @throws UnreadablePolicyError when variables are used as values, arguments are read by computed paths, or more is asked
 * of an owner than who it is
 */
export function collectReads(policy: PolicyJson, into: Reads): void {
  const walk = new PolicyWalk(into);
  const { principal, resource, conditions } = policy;
  for (const [variable, scope] of Object.entries({ principal, resource })) {
    const { entity, entity_type: type, in: within } = scope as JsonObject;
    const literals = [entity, isJsonObject(within) ? within['entity'] : undefined].map(entityOf);
    for (const literal of literals) if (literal) walk.member(variable as 'principal' | 'resource', literal);
    if (type === undefined && !literals.some(Boolean) && scope.op !== 'All') throw new UnreadablePolicyError(scope.op);
  }
  for (const { body } of conditions) walk.visit(body);
}

class PolicyWalk {
  constructor(private readonly reads: Reads) {}

  /** The variable is compared with this one, or asked to be in it. */
  member(variable: 'principal' | 'resource', literal: Entity): void {
    if (literal.type === 'Team' || literal.type === 'Role') this.reads.groups.add(groupName(literal));
    else this.#identity(variable).literal(literal.id);
  }

  visit(expression: unknown): void {
    const [operator, body] = operationOf(expression);
    switch (operator) {
      case 'Value':
        return;
      case 'Var':
        if (body === 'action') return;
        throw new UnreadablePolicyError(
          `${String(body)} can be read by its attributes and with ==, !=, in and is only`,
        );
      case 'unknown':
      case 'Slot':
        throw new UnreadablePolicyError(`${operator} has no meaning here`);
      case '.':
        return this.#attribute(body);
      case 'has':
        return this.#presence(body);
      case '==':
      case '!=':
        this.#compared(member(body, 'left'), member(body, 'right'));
        return this.#compared(member(body, 'right'), member(body, 'left'));
      case 'like':
        return this.#like(body);
      case 'contains':
      case 'containsAny':
      case 'containsAll':
        return this.#contains(member(body, 'left'), member(body, 'right'));
      case 'in':
        return this.#within(member(body, 'left'), member(body, 'right'));
      case 'is':
        return this.#is(body);
      case 'hasTag':
      case 'getTag':
        return this.#argument(member(body, 'left'), member(body, 'right'));
      default:
        for (const part of partsOf(body)) this.visit(part);
    }
  }

  #identity(variable: 'principal' | 'resource'): AttributeReads {
    return this.reads.of(variable, variable === 'principal' ? 'email' : 'id');
  }

  #attribute(body: unknown): void {
    const left = member(body, 'left');
    const attr = member(body, 'attr');
    const own = attributeOf({ '.': body });
    if (own) {
      if (isOwner(own)) throw new UnreadablePolicyError('resource.owner can be compared, and has an email');
      this.reads.of(own.variable, own.name).whole = true;
      return;
    }
    const outer = attributeOf(left);
    if (!outer || !isOwner(outer)) return this.visit(left);
    if (attr !== 'email') throw new UnreadablePolicyError('of resource.owner only the email is known');
    this.reads.of('resource', 'owner').whole = true;
  }

  #presence(body: unknown): void {
    const attr = member(body, 'attr');
    const path = Array.isArray(attr) ? attr : [attr];
    const own = attributeOf({ '.': { left: member(body, 'left'), attr: path[0] } });
    if (!own) return this.visit(member(body, 'left'));
    if (isOwner(own) && path.length > 1 && path[1] !== 'email')
      throw new UnreadablePolicyError('of resource.owner only the email is known');
    // That it is asked for is enough: absence has a mark of its own.
    this.reads.of(own.variable, own.name);
  }

  #compared(side: unknown, other: unknown): void {
    const [operator, variable] = operationOf(side);
    const own = operator === 'Var' ? undefined : attributeOf(side);
    const text = textOf(other) ?? entityOf(valueOf(other))?.id;
    if (operator === 'Var' && (variable === 'principal' || variable === 'resource')) {
      ask(this.#identity(variable), text);
    } else if (own) {
      ask(this.reads.of(own.variable, own.name), text);
    } else {
      this.visit(side);
    }
  }

  #like(body: unknown): void {
    const own = attributeOf(member(body, 'left'));
    const pattern = member(body, 'pattern');
    if (!own || !Array.isArray(pattern)) return this.visit(member(body, 'left'));
    const pieces = [''];
    for (const part of pattern) {
      if (part === 'Wildcard') pieces.push('');
      else pieces[pieces.length - 1] += String(member(part, 'Literal'));
    }
    this.reads.of(own.variable, own.name).globs.push(compileGlob(pieces));
  }

  /** `resource.tags.contains("a")`, or `["a", "b"].contains(resource.name)`. */
  #contains(left: unknown, right: unknown): void {
    for (const [side, other] of [
      [left, right],
      [right, left],
    ]) {
      const own = attributeOf(side);
      if (!own) {
        this.visit(side);
        continue;
      }
      const reads = this.reads.of(own.variable, own.name);
      const [operator, elements] = operationOf(other);
      const texts = (operator === 'Set' && Array.isArray(elements) ? elements : [other]).map(textOf);
      for (const text of texts) ask(reads, text);
    }
  }

  #within(left: unknown, right: unknown): void {
    const [, variable] = operationOf(left);
    if (variable === 'action') return;
    if (variable !== 'principal' && variable !== 'resource')
      throw new UnreadablePolicyError('only principal, resource and action can be in something');
    const [operator, body] = operationOf(right);
    const elements = operator === 'Set' && Array.isArray(body) ? body : [right];
    for (const element of elements) {
      const literal = entityOf(valueOf(element));
      if (literal) {
        this.member(variable, literal);
        continue;
      }
      this.#identity(variable).whole = true;
      this.reads.allGroups ||= variable === 'principal';
      this.#compared(element, undefined);
    }
  }

  #is(body: unknown): void {
    const left = member(body, 'left');
    const [operator] = operationOf(left);
    const within = member(body, 'in');
    if (within !== undefined) this.#within(left, within);
    // The type itself is known before policies are asked.
    if (operator !== 'Var') this.visit(left);
  }

  #argument(left: unknown, right: unknown): void {
    const own = member(operationOf(left)[1], 'attr') === 'arguments' && isContext(member(operationOf(left)[1], 'left'));
    const path = textOf(right);
    if (!own || path === undefined || !isArgumentPath(path))
      throw new UnreadablePolicyError('the path of an argument must be written out');
    this.reads.arguments.add(path);
  }
}

function ask(reads: AttributeReads, text: string | undefined): void {
  if (text === undefined) reads.whole = true;
  else reads.literal(text);
}

/** `resource.name`, say; undefined for everything that is not an attribute of a variable. */
function attributeOf(expression: unknown): { variable: ReadVariable; name: string } | undefined {
  const [operator, body] = operationOf(expression);
  if (operator !== '.') return undefined;
  const [kind, variable] = operationOf(member(body, 'left'));
  const name = member(body, 'attr');
  if (kind !== 'Var' || typeof name !== 'string') return undefined;
  if (variable === 'context' && name === 'arguments')
    throw new UnreadablePolicyError('context.arguments can be read with hasTag and getTag only');
  return variable === 'principal' || variable === 'resource' || variable === 'context' ? { variable, name } : undefined;
}

const isOwner = ({ variable, name }: { variable: string; name: string }): boolean =>
  variable === 'resource' && name === 'owner';
const isContext = (expression: unknown): boolean => operationOf(expression)[1] === 'context';

/** An expression is an object with one member: its operator. */
function operationOf(expression: unknown): readonly [string, unknown] {
  return (isJsonObject(expression) && Object.entries(expression)[0]) || ['', undefined];
}

const member = (body: unknown, name: string): unknown => (isJsonObject(body) ? body[name] : undefined);

const valueOf = (expression: unknown): unknown => member(expression, 'Value');

function textOf(expression: unknown): string | undefined {
  const value = valueOf(expression);
  return typeof value === 'string' ? value : undefined;
}

function entityOf(value: unknown): Entity | undefined {
  const { type, id } = (isJsonObject(value) && (member(value, '__entity') ?? value)) as Partial<Entity>;
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : undefined;
}

const partsOf = (body: unknown): unknown[] =>
  (Array.isArray(body) ? body : isJsonObject(body) ? Object.values(body) : []).filter(
    (part) => typeof part === 'object' && part !== null,
  );
