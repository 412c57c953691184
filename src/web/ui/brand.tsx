/** Where each state's strand begins: from the top, in the order of their codes. */
const STRANDS: Readonly<Record<string, { logo: string; art: string }>> = {
  am: { logo: 'M3 5c9 0 12 15 22 15', art: 'M0 30C180 20 300 60 380 170S560 300 800 300' },
  by: { logo: 'M3 12.5c9 0 12 7.5 22 7.5', art: 'M0 165c150 0 260 10 360 70s210 68 440 68' },
  kg: { logo: 'M3 20h22', art: 'M0 310c170-22 300-10 420-6s200 2 380 2' },
  kz: { logo: 'M3 27.500c9 0 12-7.5 22-7.5', art: 'M0 450c160 0 270-20 370-72s200-70 430-69' },
  ru: { logo: 'M3 35c9 0 12-15 22-15', art: 'M0 585c190 6 300-50 385-150s190-124 415-123' },
};

/** Five strands that become one way: the mark of the union, with no state's emblem in it. */
export function Logo() {
  return (
    <svg class="cw-logo" viewBox="0 0 40 40" aria-hidden="true" focusable="false">
      {Object.entries(STRANDS).map(([state, { logo }]) => (
        <path key={state} class={`cw-strand-${state}`} d={logo} stroke-width="3" />
      ))}
      <path class="cw-way" d="M24 20h6" stroke-width="3.4" />
      <circle cx="33" cy="20" r="4.5" />
    </svg>
  );
}

/** The same picture, large, behind the words of the start page. */
export function HeroArt() {
  return (
    <svg
      class="cw-hero-art"
      viewBox="0 0 1000 610"
      preserveAspectRatio="xMaxYMid slice"
      aria-hidden="true"
      focusable="false"
    >
      {Object.entries(STRANDS).map(([state, { art }]) => (
        <path key={state} class={`cw-strand-${state}`} d={art} stroke-width="9" />
      ))}
      <path class="cw-way" d="M800 306h60" stroke-width="15" />
      <circle cx="880" cy="306" r="28" />
    </svg>
  );
}

/** The thin line over every page: the state's own strand is the widest. */
export function StrandLine({ own, states }: { own: string; states: readonly string[] }) {
  return (
    <div class="cw-strands" aria-hidden="true">
      {states.map((state) => (
        <span key={state} class={`cw-fill-${state}`} data-own={state === own ? '' : undefined} />
      ))}
    </div>
  );
}
