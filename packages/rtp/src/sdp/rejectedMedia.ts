/**
 * The entry of a rejected section in a negotiated session.
 * @module
 */
import type { NegotiatedMedia, SdpConfig } from './NegotiatedSession.ts';
import type { RemoteSection } from './RemoteDescription.ts';

/** The outcome for `section` if it is rejected; `mid` is ours if the remote's has none. */
export function rejectedMedia(
  section: RemoteSection,
  mid: string | undefined,
  config: SdpConfig,
): NegotiatedMedia {
  return {
    kind: section.type === 'audio' || section.type === 'video' ? section.type : 'application',
    mid: mid ?? '',
    index: section.index,
    rejected: true,
    direction: 'inactive',
    codecs: [],
    localSsrc: 0,
    cname: config.cname,
    remoteSsrcs: [],
    remoteCname: '',
    extensions: {},
    remoteMaxKbps: 0,
  };
}
