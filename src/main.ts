import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { AuthSettings } from './auth/auth.settings.js';
import { Environment } from './config/environment.js';
import { SETTINGS } from './app.settings.js';
import { withFirstStartSecrets, withTrialSecrets } from './config/first-start-secrets.js';
import { loadSettings } from './config/load-settings.js';
import { HttpSettings } from './http/http.settings.js';
import { operatorMessage } from './http/operator-message.js';
import { welcome } from './operations/welcome.js';
import { type Gateway, startGateway } from './start-gateway.js';

// V8 takes the objects of a call for long-lived ones, puts them among the old, and they hold all of the call until the next
// full collection: every young collection then copies 10 KB a call and stops everything for 20 ms instead of 2.
setFlagsFromString('--no-allocation-site-pretenuring');

const given = Environment.ofProcess();

try {
  // Nothing is created for a start that will be refused.
  loadSettings(SETTINGS, withTrialSecrets(given));
  const environment = withFirstStartSecrets(given);
  const gateway = await startGateway(environment);
  stopOnSignal(gateway);
  const { app, url } = gateway;
  process.stdout.write(welcome(url, app.get(HttpSettings), app.get(AuthSettings), environment));
} catch (error) {
  const said = given.get('LOG_LEVEL') === 'debug' ? (error as Error).stack : operatorMessage(error);
  process.stderr.write(`Portcullis did not start. ${said}\n`);
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
