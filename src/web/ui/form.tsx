import type { ComponentChildren } from 'preact';
import type { View } from './view.ts';

/** The hidden field that proves a form came from a page of ours. */
export const FORM_TOKEN_FIELD = 'formToken';

/** A native form that posts, with the token that the server asks of every change. */
export function Form({
  view,
  action,
  file = false,
  passkey,
  children,
}: {
  view: View;
  action: string;
  file?: boolean;
  /** Where the browser gets what its authenticator is to answer; the answer goes into the field `credential`. */
  passkey?: string;
  children: ComponentChildren;
}) {
  return (
    <form
      method="post"
      action={action}
      enctype={file ? 'multipart/form-data' : undefined}
      data-passkey={passkey}
      novalidate
    >
      <input type="hidden" name={FORM_TOKEN_FIELD} value={view.formToken} />
      {passkey === undefined ? null : <input type="hidden" name="credential" value="" />}
      {children}
    </form>
  );
}

/** A row of buttons and links that end a page. */
export function Actions({ children }: { children: ComponentChildren }) {
  return <div class="cw-actions">{children}</div>;
}

interface ButtonProps {
  children: ComponentChildren;
  kind?: 'secondary' | 'tertiary';
  danger?: boolean;
  big?: boolean;
  name?: string;
  value?: string;
  /** Words only for those who do not see which card the button stands in. */
  about?: string;
}

/** Sends the form it stands in. */
export function Button({ children, kind, danger, big, name, value, about }: ButtonProps) {
  return (
    <button
      class="ds-button"
      type="submit"
      data-variant={kind}
      data-color={danger ? 'danger' : undefined}
      data-big={big ? '' : undefined}
      name={name}
      value={value}
    >
      {children}
      {about === undefined ? null : <span class="cw-hide">{` ${about}`}</span>}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink({
  href,
  children,
  kind,
  big,
}: { href: string } & Pick<ButtonProps, 'children' | 'kind' | 'big'>) {
  return (
    <a class="ds-button" href={href} data-variant={kind} data-big={big ? '' : undefined}>
      {children}
    </a>
  );
}
