// The only script that every page loads. Nothing needs it: it moves the focus, spares a double click, and looks whether a page
// that waits has news. It makes no markup out of strings.

/** How often a waiting page asks for news, in milliseconds; slower the longer it waits. */
const FIRST_LOOK = 700;
const SLOWEST_LOOK = 10_000;

/** The error summary takes the focus. */
function focusErrors(): void {
  document.querySelector<HTMLElement>('[data-focus]')?.focus();
}

/** A form is sent once: the second press of an impatient finger does nothing. */
function sendOnce(): void {
  const sent = new WeakSet<EventTarget>();
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== 'post') return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    setTimeout(() => sent.delete(form), 3000);
  });
}

/** One open menu at a time; Escape and a click elsewhere close it. */
function closeMenus(): void {
  const close = (except?: Element | null) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.cw-menu[open]')) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener('click', (event) => close((event.target as Element).closest('details.cw-menu')));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = document.querySelector<HTMLElement>('details.cw-menu[open] > summary');
    close();
    open?.focus();
  });
}

/** A page that waits loads again only when there is news, so that nobody loses her place for nothing. */
async function watch(address: string, known: string): Promise<void> {
  for (let pause = FIRST_LOOK; ; pause = Math.min(pause * 1.4, SLOWEST_LOOK)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (document.hidden) continue;
    try {
      const answer = await fetch(address, { redirect: 'error' });
      if (answer.ok && (await answer.text()) !== known) return location.reload();
    } catch {
      // Offline for a moment: look again later.
    }
  }
}

focusErrors();
sendOnce();
closeMenus();
const waiting = document.querySelector<HTMLElement>('[data-watch]')?.dataset;
if (waiting?.watch) void watch(waiting.watch, waiting.known ?? '');
