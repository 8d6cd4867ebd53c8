import type { INestApplication } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import type { Request, Response } from 'express';
import { Answer } from '../http/answer.js';
import type { Entrance } from '../http/gateway-http-adapter.js';
import { McpController } from './mcp.controller.js';

type Handler = (...args: unknown[]) => unknown;

const DOOR = /^\/(mcp|rpc|servers\/([\w-]+)\/mcp)\/?$/;
// Guardrails run around each call instead of around the route (ADR 6).
const PIPELINE = { guards: true, interceptors: false, filters: true };

/**
 * Takes calls to the MCP endpoints straight to their handlers: the same guards and the same filter, without Express's
 * walk. Everything unusual about a request (a query, an escape, another HTTP method) is left to the router.
 */
export function mcpEntrance(app: INestApplication): Entrance {
  const creator = app.get(ExternalContextCreator, { strict: false });
  const controller = app.get(McpController, { strict: false });
  const compiled = (name: 'server' | 'everything' | 'rpc'): ((...args: unknown[]) => Promise<unknown>) =>
    creator.create(controller, controller[name] as Handler, name, undefined, undefined, undefined, undefined, PIPELINE);
  const [server, everything, rpc] = [compiled('server'), compiled('everything'), compiled('rpc')];
  return (incoming, outgoing) => {
    const found = incoming.method === 'POST' && DOOR.exec(incoming.url ?? '');
    if (!found) return false;
    const [request, response] = [incoming as Request, outgoing as Response];
    // Express's own helpers look for it.
    request.res = response;
    const [, door, serverId] = found;
    request.params = serverId === undefined ? {} : { serverId };
    const handler = door === 'mcp' ? everything : door === 'rpc' ? rpc : server;
    void enter(handler, request, response);
    return true;
  };
}

async function enter(handler: (...args: unknown[]) => Promise<unknown>, request: Request, response: Response) {
  try {
    const answer = await handler(request, response);
    if (answer instanceof Answer) answer.send(response);
  } catch {
    // The filter has answered all that can be; what breaks after it leaves half an answer.
    response.destroy();
  }
}
