/** A sleep that can be ended. A ring while nobody sleeps is kept for the next sleep. */
export interface AlarmClock {
  /** Sleeps until the time is over (false) or the alarm rings (true). A deaf sleep lets the ring wait for the next one. */
  sleep(milliseconds: number, options?: { deaf?: boolean }): Promise<boolean>;
  ring(): void;
  /** Ends this sleep, and makes every further one end at once. */
  end(): void;
}

export function makeAlarmClock(): AlarmClock {
  let rung = false;
  let ended = false;
  let finish: (() => void) | undefined;
  let isDeaf = false;

  async function sleep(milliseconds: number, { deaf = false } = {}): Promise<boolean> {
    isDeaf = deaf;
    if (!ended && (deaf || !rung)) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        finish = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      finish = undefined;
    }
    if (deaf) return false;
    const was = rung;
    rung = false;
    return was;
  }

  return {
    sleep,
    ring() {
      rung = true;
      if (!isDeaf) finish?.();
    },
    end() {
      ended = true;
      finish?.();
    },
  };
}
