import { Type } from 'typebox';

/** The parts that the forms of messages to this room have in common. Forms are closed: what they do not name is refused. */
export const closed = { additionalProperties: false } as const;
export const id = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
export const name = Type.String({ minLength: 1, maxLength: 200 });
export const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
export const state = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' });
export const instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });
export const assurance = Type.Union([Type.Literal('low'), Type.Literal('substantial'), Type.Literal('high')]);
export const signatures = Type.Array(Type.Object({ key: name, value: name }, closed), { minItems: 1, maxItems: 1 });

/** Of evidence only what is read before its own signature is checked. */
export const EvidencePiece = Type.Object({
  kind: Type.Literal('evidence'),
  payload: Type.Object({ type: name, issuer: Type.Object({ state }), issuedAt: Type.String() }),
  signatures,
});
