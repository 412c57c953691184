/**
 * Resolves when this process is asked to end. A terminal's Ctrl-C arrives twice, from the terminal and from the launcher: what
 * follows within a second is the same wish; a later one ends the process at once.
 */
export function whenAskedToStop(): Promise<NodeJS.Signals> {
  return new Promise((done) => {
    let asked = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked === 0) {
          asked = Date.now();
          done(signal);
        } else if (Date.now() - asked > 1000) {
          process.exit(130);
        }
      });
    }
  });
}
