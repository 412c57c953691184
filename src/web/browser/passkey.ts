// Lets an authenticator answer for a form: gets what it needs to be asked, asks it, and sends the form with the answer in it. Loaded on the
// pages that make or ask for passkeys only. Whatever goes wrong, the form is sent without an answer, and the page that comes says so.

import type { BindingOptions, SigningOptions } from '../../identity/index.ts';

/** Browsers of some years ago know neither `parseCreationOptionsFromJSON` nor `toJSON` of a credential. */
function toBytes(base64Url: string): Uint8Array<ArrayBuffer> {
  const letters = atob(base64Url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function toText(bytes: ArrayBuffer): string {
  const letters = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(letters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function ask(options: BindingOptions | SigningOptions): Promise<Credential | null> {
  const challenge = toBytes(options.challenge);
  if (!('user' in options)) return navigator.credentials.get({ publicKey: { ...options, challenge } });
  const user = { ...options.user, id: toBytes(options.user.id) };
  const excludeCredentials = options.excludeCredentials.map((one) => ({ ...one, id: toBytes(one.id) }));
  return navigator.credentials.create({ publicKey: { ...options, challenge, user, excludeCredentials } });
}

/** Every member of an answer that holds bytes; a browser has some, by what was asked. */
const MEMBERS = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'] as const;

function answerOf({ id, rawId, response }: PublicKeyCredential): string {
  const parts = response as unknown as Partial<Record<(typeof MEMBERS)[number], ArrayBuffer | null>>;
  const texts = MEMBERS.flatMap((name) => {
    const bytes = parts[name];
    return bytes ? [[name, toText(bytes)]] : [];
  });
  return JSON.stringify({ id, rawId: toText(rawId), type: 'public-key', response: Object.fromEntries(texts) });
}

async function answer(form: HTMLFormElement, address: string): Promise<void> {
  const field = form.elements.namedItem('credential') as HTMLInputElement;
  const token = form.elements.namedItem('formToken') as HTMLInputElement;
  try {
    const body = new URLSearchParams({ formToken: token.value });
    const given = await fetch(address, { method: 'POST', body, redirect: 'error' });
    const credential = await ask((await given.json()) as BindingOptions | SigningOptions);
    field.value = credential === null ? '' : answerOf(credential as PublicKeyCredential);
  } catch {
    field.value = '';
  }
  form.submit();
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void answer(form, form.dataset.passkey ?? '');
  });
}
