import 'reflect-metadata';
import { AuthSettings } from './auth/auth.settings.js';
import { Environment } from './config/environment.js';
import { withFirstStartSecrets } from './config/first-start-secrets.js';
import { SettingsError } from './config/load-settings.js';
import { HttpSettings } from './http/http.settings.js';
import { welcome } from './operations/welcome.js';
import { type Gateway, startGateway } from './start-gateway.js';

const environment = withFirstStartSecrets(Environment.ofProcess());

try {
  const gateway = await startGateway(environment);
  stopOnSignal(gateway);
  const { app, url } = gateway;
  process.stdout.write(welcome(url, app.get(HttpSettings), app.get(AuthSettings), environment));
} catch (error) {
  process.stderr.write(
    `Portcullis did not start. ${error instanceof SettingsError ? error.message : String((error as Error).stack)}\n`,
  );
  // A pool or a timer of what did start would keep the process alive.
  process.exit(1);
}

function stopOnSignal(gateway: Gateway): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A second signal is an impatient operator.
      if (stopping) process.exit(1);
      stopping = true;
      gateway.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}
