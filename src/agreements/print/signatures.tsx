import type { Sheet } from './sheet.ts';

/** Where the parties sign: each the contract by its digest, and its own annex. */
export function Signatures({ sheet }: { sheet: Sheet }) {
  const { agreement, digests, say, state } = sheet;
  return (
    <>
      <p>
        {say('regulation.sign.words')} <code class="digest">{digests.contract}</code>
      </p>
      <div class="signatures">
        {agreement.parties.map((party) => (
          <section key={party} class="sign" aria-label={say('regulation.sign.for', { state: state(party) })}>
            <h3>{say('regulation.sign.for', { state: state(party) })}</h3>
            <p>
              {say('regulation.sign.annex')} <code class="digest">{agreement.annexes[party]?.digest}</code>
            </p>
            {(['name', 'date', 'signature'] as const).map((line) => (
              <p key={line} class="line">
                {say(`regulation.sign.${line}`)}
              </p>
            ))}
          </section>
        ))}
      </div>
    </>
  );
}
