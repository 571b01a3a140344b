/**
 * Opens what a peer sends: the camera and microphone, the screen, or a stream that the page already has.
 * @module
 */
import { WebRtcPeerError, deviceError } from './WebRtcPeerError.ts';

/** Where the sent media comes from; a `MediaStream` stays the page's own and is never stopped by the peer. */
export type MediaSource = 'camera' | 'screen' | MediaStream;

/** A stream and whether the peer must stop its tracks when it is done. */
export interface OpenedMedia {
  /** The tracks to send. */
  readonly stream: MediaStream;
  /** Whether the peer opened the devices itself. */
  readonly owned: boolean;
}

/** What is asked of the camera when the page says nothing: a picture that every camera can give. */
export const defaultConstraints: MediaStreamConstraints = {
  audio: true,
  video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
};

/**
 * Opens a source. The screen comes without sound unless `constraints.audio` asks for it.
 *
 * @throws {WebRtcPeerError} `INSECURE_CONTEXT`, `NOT_SUPPORTED`, or one of the device codes.
 */
export async function openSource(
  source: MediaSource,
  constraints: MediaStreamConstraints | undefined,
): Promise<OpenedMedia> {
  if (typeof source !== 'string') return { stream: source, owned: false };
  const devices = mediaDevices();
  try {
    const stream =
      source === 'screen'
        ? await devices.getDisplayMedia(screenConstraints(constraints))
        : await devices.getUserMedia({ ...defaultConstraints, ...constraints });
    return { stream, owned: true };
  } catch (error) {
    throw error instanceof WebRtcPeerError ? error : deviceError(error);
  }
}

function mediaDevices(): MediaDevices {
  if (!isSecureContext) {
    throw new WebRtcPeerError(
      'INSECURE_CONTEXT',
      'Browsers offer the camera only to pages from https or localhost',
    );
  }
  return navigator.mediaDevices;
}

function screenConstraints(constraints: MediaStreamConstraints | undefined): DisplayMediaStreamOptions {
  if (!('getDisplayMedia' in navigator.mediaDevices)) {
    throw new WebRtcPeerError('NOT_SUPPORTED', 'This browser cannot share the screen');
  }
  return { video: constraints?.video ?? true, audio: constraints?.audio ?? false };
}
