/** What a node process is started with. Everything else it reads from its folders and its database. */
export interface NodeConfig {
  /** Code of the state: `kz`. */
  state: string;
  /** The checkout, or a union's own copy of its data: register definitions and personas are read below it. */
  root: string;
  /** This node's own folder: its keys. */
  folder: string;
  /** Charter, manifests and ratifications, as an operator was given them. */
  trustFolder: string;
  databaseUrl: string;
  portalPort: number;
  exchangePort: number;
  /** Where information systems of this state call in; none where it is left out. */
  doorPort?: number;
  /** Milliseconds that this node's clock is ahead of the machine's. Zero but for demonstrations. */
  clockOffsetMs: number;
  /** Whether the development sign-in may be offered; it still needs a demo charter and loopback. */
  development: boolean;
}
