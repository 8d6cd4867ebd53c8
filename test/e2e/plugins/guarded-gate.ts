import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { PluginLoader } from '../../../src/plugins/config/plugin-loader.js';
import { RawGate } from '../mcp/raw-gate.js';
import type { RawOffer } from '../mcp/raw-upstream.js';

/** A raw gate whose plugins a test configures, and configures anew. */
export class GuardedGate {
  private constructor(
    readonly gate: RawGate,
    /** The file of plugins. */
    readonly file: string,
    private readonly folder: string,
  ) {}

  static async start(offer: RawOffer = {}, settings: Readonly<Record<string, string>> = {}): Promise<GuardedGate> {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-plugins-'));
    const file = join(folder, 'config.yaml');
    writeFileSync(file, 'plugins: []\n');
    const gate = await RawGate.start(offer, { PLUGINS_ENABLED: 'true', PLUGIN_CONFIG_FILE: file, ...settings });
    return new GuardedGate(gate, file, folder);
  }

  get loader(): PluginLoader {
    return this.gate.running.gateway.app.get(PluginLoader, { strict: false });
  }

  /** These plugins alone run from now on. @throws of a file with faults */
  async plugins(plugins: readonly object[], settings: object = {}): Promise<void> {
    await this.write(stringify({ plugins, plugin_settings: settings }));
    const { faults } = this.loader.state;
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }

  /** The file has this text from now on, and has been read. */
  async write(text: string): Promise<void> {
    writeFileSync(this.file, text);
    await this.loader.reload();
  }

  async stop(): Promise<void> {
    await this.gate.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
