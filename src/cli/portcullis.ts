#!/usr/bin/env node
import 'reflect-metadata';
import { Command } from 'commander';
import { Environment } from '../config/environment.js';
import { VERSION } from '../config/version.js';
import { operatorMessage } from '../http/operator-message.js';
import { keysCommand } from './keys/keys-command.js';
import { tokenCommand } from './token/token-command.js';

const program = new Command('portcullis')
  .description('Operator commands of the gateway. They read the same settings: environment, .env, DATA_DIR.')
  .version(VERSION)
  .addCommand(keysCommand(Environment.ofProcess(), process))
  .addCommand(tokenCommand(Environment.ofProcess(), process));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${operatorMessage(error)}\n`);
  process.exitCode = 1;
}
