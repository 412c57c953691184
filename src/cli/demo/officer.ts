import { linksTo } from './citizen.ts';
import { type FormClient, summary } from './form-client.ts';
import { stuck } from './stuck.ts';

/**
 * An officer works through his queue: opens each case, looks at it, confirms the proposal where the page still offers that to him.
 * @returns how many he confirmed
 */
export async function confirmQueue(client: FormClient): Promise<number> {
  const queue = await client.open('/desk');
  let confirmed = 0;
  for (const href of linksTo(queue, '/desk/cases/')) {
    const page = await client.open(href);
    const offered = page.root.querySelector(`form[action="${href}/confirm"]`);
    if (offered === null) continue;
    const after = await client.submitForm(page, offered, {});
    // Another officer may have acted meanwhile: the page then says so, and the case comes up again.
    if (after.status === 200) confirmed += 1;
    else if (after.status !== 409) throw stuck(`${href} could not be confirmed: ${summary(after)}`);
  }
  return confirmed;
}
