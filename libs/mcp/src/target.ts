import type { Message } from './message.js';
import type { TargetMember } from './methods.js';

/** What a call acts on: the string in `params.name`, `.uri` or `.taskId`. */
export function targetOf(message: Message, member: TargetMember): string | undefined {
  const value = message.params?.[member];
  return typeof value === 'string' ? value : undefined;
}

/** Why a call without its target is refused. */
export function missingTarget(message: Message, member: TargetMember): string {
  return `Missing ${LABELS[message.method] ?? member} in parameters: params.${member} must be a string`;
}

const LABELS: Readonly<Record<string, string>> = {
  'tools/call': 'tool name',
  'prompts/get': 'prompt name',
  'resources/read': 'resource URI',
  'resources/subscribe': 'resource URI',
  'resources/unsubscribe': 'resource URI',
};
