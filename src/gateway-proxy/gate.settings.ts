import { flag, integer } from '../config/setting.js';
import { settings } from '../config/settings.js';

const MEBIBYTE = 1024 * 1024;

export class GateSettings extends settings('MCP endpoints', {
  maxBodyBytes: integer(
    'MCP_MAX_BODY_BYTES',
    4 * MEBIBYTE,
    { min: 1024, max: 64 * MEBIBYTE },
    'Largest MCP request, bytes; a larger one is 413.',
  ),
  maxResponseBytes: integer(
    'MCP_MAX_RESPONSE_BYTES',
    16 * MEBIBYTE,
    { min: 1024, max: 1024 * MEBIBYTE },
    'Largest answer of an upstream that is passed on, bytes. Large answers stream; they are not held in memory.',
  ),
  maxBatch: integer('MCP_MAX_BATCH', 100, { min: 1, max: 1000 }, 'Most messages of a 2025-03-26 batch.'),
  toolTimeoutSeconds: integer(
    'TOOL_TIMEOUT',
    60,
    { min: 1, max: 86_400 },
    'Longest silence of an upstream during a call, seconds; progress starts it anew.',
  ),
  keptToolMaxBytes: integer(
    'REST_TOOL_MAX_RESPONSE_BYTES',
    MEBIBYTE,
    { min: 1024, max: 16 * MEBIBYTE },
    'Largest answer of a REST tool, bytes; it is held in memory.',
  ),
  callMaxSeconds: integer(
    'MCP_CALL_MAX_SECONDS',
    600,
    { min: 1, max: 86_400 },
    'Longest a call may take in all, seconds.',
  ),
  maxParkedCalls: integer(
    'MCP_MAX_PARKED_CALLS',
    1000,
    { min: 0, max: 100_000 },
    'Calls of 2026-07-28 clients that wait at one replica for answers to what an older upstream asked; at more, upstreams are told that nobody can be asked.',
  ),
  maxParkedCallsPerUser: integer('MCP_MAX_PARKED_CALLS_PER_USER', 20, { min: 0, max: 100_000 }, 'Those of one user.'),
  taskMaxHours: integer(
    'MCP_TASK_MAX_HOURS',
    24,
    { min: 1, max: 8760 },
    'Hours for which the id of a task is taken; its upstream may forget it sooner.',
  ),
  listPageSize: integer(
    'MCP_LIST_PAGE_SIZE',
    500,
    { min: 10, max: 10_000 },
    'Entries of one page of tools/list and the other lists.',
  ),
  maxStreams: integer(
    'MCP_MAX_STREAMS',
    10_000,
    { min: 1, max: 1_000_000 },
    'Streams of notifications open at one replica.',
  ),
  maxStreamsPerUser: integer(
    'MCP_MAX_STREAMS_PER_USER',
    2_000,
    { min: 1, max: 1_000_000 },
    'Streams of notifications that one user has open at one replica.',
  ),
  jsonResponse: flag(
    'JSON_RESPONSE_ENABLED',
    true,
    'Answer a legacy request without a session in JSON unless it asks for progress; when false, events may precede any answer.',
  ),
}) {}
