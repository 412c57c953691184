/** Every refusal of this room: code -> one English sentence. */
export const unionFailures = {
  UNION_CHARTER_FORM: 'The charter is malformed: {reason}.',
  UNION_CHARTER_FORGED: 'Charter version {version} bears a signature that is not of a root it may bear: {key}.',
  UNION_CHARTER_UNDER_SIGNED:
    'Charter version {version} is signed by {signed} roots of version {rule}, whose rule asks for {needed}.',
  UNION_CHARTER_SKIPPED:
    'Charter version {found} does not follow version {known}: a version is missing or not the one signed before.',
  UNION_CHARTER_ROLLED_BACK: 'This node knows charter version {known}; it was given version {found} as the newest.',
  UNION_CHARTER_TWO_CONTENTS: 'There are two contents of charter version {version}.',
  UNION_CHARTER_EXPIRED: 'The charter expired on {expires}: it admits no new state until it is renewed.',
  UNION_PROPOSAL_FORM: 'The file {file} is no proposal of a charter: {reason}.',
  UNION_PROPOSAL_SAME: 'The proposal changes nothing: say what is to be different.',
  UNION_ENTRY_FORM: 'The file {file} is no entry of a state for a charter: {reason}.',
  UNION_STATE_KNOWN: 'The state {state} is in the charter already: give it another root by --replace.',
  UNION_ROOT_FOREIGN: 'The key is the root of no state that this version of the charter or the one before it names.',
  UNION_SIGNATURE_OTHER: 'The signature in {file} is of another content than the proposal.',
  UNION_CHARTER_MISSING: 'No charter was given.',
  UNION_ANCHOR_MISSING:
    'No anchor is pinned here, so nothing says which union to trust: give one that you trust by --anchor FILE.',
  UNION_ANCHOR_MISMATCH: 'The charter of the union {union} is not the one that is pinned here.',
  UNION_ANCHOR_FORM: 'The anchor in {file} cannot be read.',
  UNION_MANIFEST_FORM: 'The manifest of {state} is malformed: {reason}.',
  UNION_MANIFEST_FORGED:
    'Manifest version {version} of {state} is not signed by the root that the charter gives this state.',
  UNION_MANIFEST_CHARTER: 'Manifest version {version} of {state} was made under a charter that is not known here.',
  UNION_MANIFEST_SKIPPED: 'Manifest version {found} of {state} does not follow version {known}.',
  UNION_MANIFEST_ROLLED_BACK:
    'This node knows version {known} of its own manifest; it was given version {found} as the newest.',
  UNION_MANIFEST_TWO_CONTENTS: 'There are two contents of manifest version {version} of {state}.',
  UNION_MANIFEST_MISSING: 'There is no manifest of {state}.',
  UNION_NO_OVERLAP: 'The new manifest keeps none of the certificates by which the other states know this node.',
  UNION_RATIFICATION_FORM: 'The ratification is malformed: {reason}.',
  UNION_RATIFICATION_FORGED: 'The ratification of {agreement} by {state} is not signed by its ratification key.',
  UNION_RATIFICATION_ALONE:
    'The ratification of {agreement} by {state} lacks the second person whom the manifest of that state demands.',
  UNION_SIGNED_OTHER_CONTENT: 'This root has already signed another content of {kind} version {version}.',
  UNION_STATE_UNKNOWN: 'The state {state} is not in the charter.',
  UNION_KEY_UNKNOWN: 'The manifest of {state} has no key {key} for {purpose}.',
  UNION_KEY_NOT_VALID: 'The key {key} of {state} for {purpose} is not valid at {at}.',
  UNION_AGENCY_UNKNOWN: 'The manifest of {state} names no agency {agency}.',
  UNION_ROLE_UNKNOWN: 'No agency of {state} plays the role {role}.',
  UNION_FILE_FORM: 'The file is not a sealed file of Commonway: {reason}.',
  UNION_FILE_VERSION: 'The file is of format {version}, which this version does not read.',
  UNION_FILE_SEAL: 'The seal of the file does not match its content.',
  UNION_KEYS_FORM: 'The key file {file} cannot be read: {reason}.',
  UNION_FOLDER_FORM: 'The file {file} cannot be read: {reason}.',
} as const;

/** The refusals of `openFile` that say nothing about the file: there is nothing here to judge it by. */
export const NOT_USABLE: readonly string[] = ['UNION_ANCHOR_MISSING', 'UNION_ANCHOR_FORM', 'UNION_FILE_VERSION'];
