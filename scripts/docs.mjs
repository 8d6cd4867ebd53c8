// `npm run docs`: writes what is generated from the code. With --check: fails on what is not current.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, ROOT } from './prepare.mjs';

install();
build();
const fromDist = (path) => import(join(ROOT, 'dist', 'src', path));
await import('reflect-metadata');
const [
  { Environment },
  { withFirstStartSecrets },
  { startGateway },
  { SETTINGS },
  reference,
  { routesOf },
  { openApiDocument },
  faults,
  { BUILTIN_PLUGINS },
  { VIOLATION_STATUS },
] = await Promise.all(
  [
    'config/environment.js',
    'config/first-start-secrets.js',
    'start-gateway.js',
    'app.settings.js',
    'cli/reference.js',
    'http/routes.js',
    'openapi-document.js',
    'gateway-proxy/forward/exchange-fault.js',
    'plugins/builtin-plugins.js',
    'plugins/guard/violation-status.js',
  ].map(fromDist),
);

const folder = mkdtempSync(join(tmpdir(), 'portcullis-docs-'));
const gateway = await startGateway(withFirstStartSecrets(new Environment({ DATA_DIR: folder, PORT: '0' })));
const routes = routesOf(gateway.app).map(({ method, path, policy }) => ({ method, path, needs: needs(policy) }));
const files = {
  '.env.example': reference.envExample(SETTINGS),
  'docs/reference/settings.md': reference.settingsReference(SETTINGS),
  'docs/reference/errors.md': reference.errorsReference(faults.EXCHANGE_FAULTS),
  'docs/reference/plugins.md': reference.pluginsReference(BUILTIN_PLUGINS, VIOLATION_STATUS),
  'docs/reference/permissions.md': reference.permissionsReference(routes),
  'docs/reference/openapi.json': `${JSON.stringify(openApiDocument(gateway.app), sorted, 2)}\n`,
};
await gateway.stop();
rmSync(folder, { recursive: true });

let stale = 0;
for (const [path, text] of Object.entries(files)) {
  const target = join(ROOT, path);
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (read(target) !== text) {
    stale += 1;
    console.error(`${path} is not current: run \`npm run docs\``);
  }
}
process.exit(stale > 0 ? 1 : 0);

/** The compiler lists the members of a union as it came across them first, so that any change elsewhere would shuffle enums. */
function sorted(name, value) {
  return name === 'enum' && Array.isArray(value) ? value.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)) : value;
}

function needs(policy) {
  if (policy.kind === 'public') return `nothing: ${policy.reason}`;
  if (policy.kind === 'signed-in') return 'a valid token';
  return `\`${policy.permission}\``;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
