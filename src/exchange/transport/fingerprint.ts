import type { TLSSocket } from 'node:tls';
import { digestHex } from '../../crypto/index.ts';
import type { TrustView } from '../../union/index.ts';

/** Hex SHA-256 of the certificate that the other end showed and proved to hold; undefined where it showed none. */
function peerFingerprint(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? undefined : digestHex(certificate.raw);
}

/**
 * The state at the other end of a TLS 1.3 connection, by the certificates that the manifests pin. No authority is asked and the certificate's
 * own dates and names count for nothing: the manifest that lists it says who it is and when it ends (as RFC 7671 section 5.1 has
 * it for DANE-EE). Asked for every request, so that a certificate that a newer manifest drops ends with it.
 */
export function stateAtOtherEnd(socket: TLSSocket, trust: Pick<TrustView, 'stateOfCertificate'>): string | undefined {
  if (socket.getProtocol() !== 'TLSv1.3') return undefined;
  const fingerprint = knownFingerprints.get(socket) ?? peerFingerprint(socket);
  if (fingerprint === undefined) return undefined;
  knownFingerprints.set(socket, fingerprint);
  return trust.stateOfCertificate(fingerprint);
}

/** A connection's certificate does not change: hashing it once is enough. */
const knownFingerprints = new WeakMap<TLSSocket, string>();
