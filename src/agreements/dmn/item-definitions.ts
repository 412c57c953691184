import { type FeelType, type ItemDefinition, quoted } from '../../feel/index.ts';

/** The types of a model while it is made: each structure gets a definition of its own. */
export interface TypeBook {
  readonly items: ItemDefinition[];
  /** The name of a type; undefined where DMN has none for it. */
  refOf(type: FeelType, name: string): string | undefined;
}

/** An empty book. */
export function newTypeBook(): TypeBook {
  const items: ItemDefinition[] = [];
  const refOf = (type: FeelType, name: string): string | undefined => {
    const shape = shapeOf(type, name);
    if (shape === undefined) return undefined;
    if (shape.plain) return shape.type;
    items.push({ name, ...shape.of });
    return name;
  };
  const shapeOf = (type: FeelType, name: string): Shape | undefined => {
    switch (type.kind) {
      case 'any':
      case 'null':
      case 'variable':
      case 'range':
      case 'function':
        return undefined;
      case 'string':
        if (type.values === undefined) return { plain: true, type: 'string' };
        return { plain: false, of: { ...SINGLE, type: 'string', allowed: type.values.map(quoted).join(', ') } };
      case 'list': {
        const inner = refOf(type.item, `${name}_item`);
        return { plain: false, of: { ...SINGLE, collection: true, ...(inner === undefined ? {} : { type: inner }) } };
      }
      case 'context':
        return { plain: false, of: { ...SINGLE, components: Object.entries(type.entries).map(componentOf(name)) } };
      default:
        return { plain: true, type: type.kind };
    }
  };
  const componentOf =
    (owner: string) =>
    ([name, type]: [string, FeelType]): ItemDefinition => {
      const ref = refOf(type, `${owner}_${name}`);
      return { name, ...SINGLE, ...(ref === undefined ? {} : { type: ref }) };
    };
  return { items, refOf };
}

type Shape = { readonly plain: true; readonly type: string } | { readonly plain: false; readonly of: Unnamed };
type Unnamed = Omit<ItemDefinition, 'name'>;

const SINGLE: Unnamed = { collection: false, components: [] };
