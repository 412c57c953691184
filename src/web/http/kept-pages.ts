import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A page as it goes over the wire. */
export interface KeptPage {
  plain: string;
  gzip: Buffer;
}

/** Pages that are kept ready, compressed as small as it gets, since it is done once. */
export interface KeptPages {
  /** The page of a key; made where there is none, once however many ask meanwhile. */
  get(key: string, make: () => string): Promise<KeptPage>;
}

const compress = promisify(gzip);

/** @param most so many are kept: then all are forgotten, which costs time only */
export function keepPages(most = 200): KeptPages {
  const kept = new Map<string, Promise<KeptPage>>();
  const make = async (text: () => string): Promise<KeptPage> => {
    const plain = text();
    return { plain, gzip: await compress(plain, { level: 9 }) };
  };
  return {
    get(key, text) {
      const found = kept.get(key);
      if (found !== undefined) return found;
      if (kept.size >= most) kept.clear();
      const made = make(text);
      kept.set(key, made);
      made.catch(() => kept.delete(key));
      return made;
    },
  };
}
