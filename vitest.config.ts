import { defineConfig } from 'vitest/config';

const source = { conditions: ['portcullis-source'] };
const shared = { resolve: source, ssr: { resolve: source } };
// Files of one project share the processes that run them, one project at a time: the sources are loaded once by each
// process and not by every file.
const together = (groupOrder: number) => ({
  isolate: false,
  sequence: { groupOrder },
  setupFiles: ['test/leave-nothing.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // What is polled may take as long as a busy machine makes it.
  expect: { poll: { timeout: 20_000 } },
});

export default defineConfig({
  test: {
    // A test waits for sockets and databases as often as it computes.
    maxWorkers: '100%',
    projects: [
      {
        ...shared,
        test: {
          ...together(0),
          name: 'unit',
          include: ['src/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/contract/**/*.spec.ts', 'test/house/**/*.spec.ts'],
        },
      },
      {
        ...shared,
        test: {
          ...together(1),
          name: 'integration',
          include: ['test/integration/**/*.spec.ts'],
          globalSetup: ['test/integration/databases.ts'],
        },
      },
      {
        ...shared,
        test: {
          ...together(2),
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
        },
      },
    ],
  },
});
