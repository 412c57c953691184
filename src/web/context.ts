import type { ApplicationsContext } from '../applications/index.ts';
import type { CasesContext } from '../cases/index.ts';
import type { HealthSources } from '../health/index.ts';
import type { IdentityContext } from '../identity/index.ts';
import type { EvidenceContext } from '../registers/index.ts';

/** What the pages work with: every capability they show, and where they stand. */
export type WebContext = ApplicationsContext &
  CasesContext &
  IdentityContext &
  EvidenceContext & {
    /** What the process tells of itself on its health page. */
    health?: HealthSources;
    web: {
      /** The portal's own origin: `http://kz.localhost:7001`. */
      origin: string;
      /** Other names that the portal answers to: `127.0.0.1` for health checks on the machine itself. */
      otherHosts?: readonly string[];
      /** Called with what nobody expected, and the reference that the person was shown. */
      report?: (reference: string, error: unknown) => void;
      /** What whoever collects metrics must show; nobody gets them where it is left out. */
      metricsToken?: string;
    };
  };
