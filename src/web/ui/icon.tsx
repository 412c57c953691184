/** Drawn for this project on a 24 grid: lines only, so they take the colour of the words beside them. */
const PATHS = {
  alert: 'M12 3.5 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1',
  back: 'M15 5l-7 7 7 7',
  building: 'M4 20h16M5.5 20V10M9.8 20V10M14.2 20V10M18.5 20V10M3.5 10 12 4l8.5 6z',
  check: 'M4.5 12.5l5 5 10-11',
  chevron: 'M6 9l6 6 6-6',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  document: 'M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6M9 16h6',
  download: 'M12 4v11M7.5 11 12 15.5 16.5 11M4.5 20h15',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  globe:
    'M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.500c2.5 2.3 3.6 5.2 3.6 8.500s-1.1 6.2-3.6 8.500c-2.5-2.3-3.6-5.2-3.6-8.500S9.5 5.8 12 3.500z',
  info: 'M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.500M12 7.700v.1',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.700l-1.5 1.500M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.700l1.5-1.5',
  mail: 'M3.5 6h17v12.500h-17zM3.5 7l8.5 6.500L20.5 7',
  out: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.500c.6-4 3.5-6 7.5-6s6.9 2 7.5 6',
  printer: 'M7 8.500V4h10v4.500M7 17H4V8.500h16V17h-3M7 14h10v6H7z',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.300L20 9.400M20 4.500v5h-5',
  scales: 'M12 4v16M7.5 20h9M5 7.5 12 6l7 1.500M5 7.500l-2.5 6a2.7 2.7 0 0 0 5 0zM19 7.500l-2.5 6a2.7 2.7 0 0 0 5 0z',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.3 15.3 20.5 20.5',
  shield: 'M12 3.5 5 6v5.500c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6zM9 11.800l2.2 2.2 3.9-4.2',
  cross: 'M6 6l12 12M18 6 6 18',
  next: 'M9 5l7 7-7 7',
} as const;

export type IconName = keyof typeof PATHS;

/** A small drawing beside words; never alone, so assistive technology does not hear of it. */
export function Icon({ name, turns = false }: { name: IconName; turns?: boolean }) {
  return (
    <svg class={turns ? 'cw-icon cw-turn' : 'cw-icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
