import { type INestApplication, RequestMethod, type Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { type RoutePolicy, routePolicyOf } from './route-policy.js';

/** A route of the application and what it asks of its caller. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly handler: string;
  readonly policy: RoutePolicy | undefined;
}

/** Every route of every controller, sorted by path. */
export function routesOf(app: INestApplication): Route[] {
  return routesIn(app.get(ModulesContainer));
}

/** The same, for what is inside of the application. */
export function routesIn(modules: ModulesContainer): Route[] {
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return controllers
    .flatMap(({ metatype }) => (typeof metatype === 'function' ? routesOfController(metatype as Type) : []))
    .sort((a, b) => (a.path + a.method < b.path + b.method ? -1 : 1));
}

function routesOfController(controller: Type): Route[] {
  const prototype = controller.prototype as Record<string, object>;
  const names = new MetadataScanner().getAllMethodNames(prototype);
  return names.flatMap((name) => {
    const handler = prototype[name];
    if (!handler || Reflect.getMetadata(PATH_METADATA, handler) === undefined) return [];
    const method = RequestMethod[Number(Reflect.getMetadata(METHOD_METADATA, handler))] ?? '?';
    return pathsOf(controller).flatMap((prefix) =>
      pathsOf(handler).map((path) => ({
        method,
        path: `/${[prefix, path].join('/')}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1'),
        handler: `${controller.name}.${name}`,
        policy: routePolicyOf(handler, controller),
      })),
    );
  });
}

function pathsOf(target: object): string[] {
  const path = Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined;
  return [path ?? ''].flat();
}
