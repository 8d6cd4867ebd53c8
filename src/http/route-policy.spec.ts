import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { McpEndpoint, Public, Requires, routePolicyOf, SignedIn } from './route-policy.js';

@Requires('tools.read')
class Shop {
  @Public('shops are open')
  open(): void {}

  @SignedIn()
  mine(): void {}

  @McpEndpoint()
  door(): void {}

  inherited(): void {}
}

class Bare extends Shop {
  nothing(): void {}
}

@Requires('admin.system_config')
class Strict extends Shop {}

class Alone {
  nothing(): void {}
}

const handler = (type: { readonly prototype: object }, name: string): object =>
  Reflect.get(type.prototype, name) as object;

describe(routePolicyOf.name, () => {
  it.each([
    ['open', { kind: 'public', reason: 'shops are open' }],
    ['mine', { kind: 'signed-in' }],
    ['door', { kind: 'mcp', permission: 'servers.use' }],
    ['inherited', { kind: 'permission', permission: 'tools.read' }],
  ])('gives %s its own before that of its class', (name, policy) => {
    for (let time = 0; time < 2; time += 1) expect(routePolicyOf(handler(Shop, name), Shop)).toEqual(policy);
  });

  it('gives an inherited handler the policy of the class that serves it', () => {
    expect(routePolicyOf(handler(Strict, 'inherited'), Strict)).toMatchObject({ permission: 'admin.system_config' });
    expect(routePolicyOf(handler(Shop, 'inherited'), Shop)).toMatchObject({ permission: 'tools.read' });
    expect(routePolicyOf(handler(Bare, 'nothing'), Bare)).toMatchObject({ permission: 'tools.read' });
  });

  it('has none for a route that carries none', () => {
    expect(routePolicyOf(handler(Alone, 'nothing'), Alone)).toBeUndefined();
  });

  it('gives policies that nobody can change', () => {
    expect(Object.isFrozen(routePolicyOf(handler(Shop, 'open'), Shop))).toBe(true);
  });
});
