import { isAbsolute } from 'node:path';
import { flag, integer, list, optional } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class StdioSettings extends settings('Upstreams that are processes', {
  enabled: flag(
    'STDIO_ENABLED',
    false,
    'Platform administrators may register upstreams that the gateway starts itself.',
    {
      aliases: ['MCPGATEWAY_STDIO_TRANSPORT_ENABLED'],
    },
  ),
  allowedCommands: list(
    'STDIO_ALLOWED_COMMANDS',
    [],
    'Absolute paths of the programs that may be started, as gateways name them. They run as the user of the gateway: list only what you trust as much.',
    (path) => (isAbsolute(path) ? undefined : 'is not an absolute path'),
  ),
  workingDirectory: optional(
    'STDIO_WORKING_DIRECTORY',
    'Where the processes run; without it, each in an empty temporary folder of its own.',
    { check: isAbsolute, rule: 'must be an absolute path' },
  ),
  maxProcesses: integer('STDIO_MAX_PROCESSES', 64, { min: 1, max: 4096 }, 'Most processes at one replica.'),
  maxPerGateway: integer(
    'STDIO_MAX_PROCESSES_PER_GATEWAY',
    16,
    { min: 1, max: 4096 },
    'Most processes of one gateway at one replica: one for each caller, besides those of the gateway’s own.',
  ),
  idleSeconds: integer(
    'STDIO_IDLE_SECONDS',
    600,
    { min: 1, max: 86_400 },
    'How long a process is kept without a call or an open stream, seconds; it may take half as long again.',
  ),
}) {}
