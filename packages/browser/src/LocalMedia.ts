/**
 * The tracks that a peer sends: who must stop them, whether they are muted, and which replaces which.
 * @module
 */
import type { OpenedMedia } from './mediaSource.ts';
import type { MediaKind } from './peerStats.ts';

/** Holds at most one track of each kind in one stream, which stays the same object when tracks change. */
export class LocalMedia {
  /** The stream to show as the local picture. */
  readonly stream: MediaStream = new MediaStream();

  readonly #onEnded: (kind: MediaKind) => void;
  readonly #owned = new Set<MediaStreamTrack>();
  readonly #enabled: Record<MediaKind, boolean> = { audio: true, video: true };

  /** Makes an empty holder; `onEnded` is told when a device or the user ends the current track of a kind. */
  constructor(onEnded: (kind: MediaKind) => void) {
    this.#onEnded = onEnded;
  }

  /** The current track of a kind. */
  track(kind: MediaKind): MediaStreamTrack | undefined {
    return this.stream.getTracks().find((track) => track.kind === kind);
  }

  /** Takes the first track of each kind from an opened source. */
  add(media: OpenedMedia): void {
    for (const track of [media.stream.getAudioTracks()[0], media.stream.getVideoTracks()[0]]) {
      if (track) this.replace(kindOf(track), track, media.owned);
    }
  }

  /** Puts a track, or none, in the place of the current one; a track that the peer opened itself is stopped. */
  replace(kind: MediaKind, track: MediaStreamTrack | undefined, owned: boolean): void {
    const before = this.track(kind);
    if (before === track) return;
    if (before) {
      this.stream.removeTrack(before);
      if (this.#owned.delete(before)) before.stop();
    }
    if (!track) return;
    if (owned) this.#owned.add(track);
    track.enabled = this.#enabled[kind];
    track.addEventListener('ended', () => {
      if (this.track(kind) === track) this.#onEnded(kind);
    });
    this.stream.addTrack(track);
  }

  /** Stops those tracks of an opened source that were not taken: what is not sent must not go on filming. */
  refuse({ stream, owned }: OpenedMedia): void {
    if (!owned) return;
    for (const track of stream.getTracks()) if (this.track(kindOf(track)) !== track) track.stop();
  }

  /** Whether tracks of a kind are sent with content; `false` sends silence or black. */
  enabled(kind: MediaKind): boolean {
    return this.#enabled[kind];
  }

  /** Mutes or unmutes a kind, now and for tracks that come later. */
  setEnabled(kind: MediaKind, enabled: boolean): void {
    this.#enabled[kind] = enabled;
    const track = this.track(kind);
    if (track) track.enabled = enabled;
  }

  /** Stops every track that the peer opened itself. */
  stop(): void {
    for (const track of this.#owned) track.stop();
    this.#owned.clear();
  }
}

/** The kind of a track, as a type; browsers have no other kinds. */
export function kindOf(track: MediaStreamTrack): MediaKind {
  return track.kind === 'audio' ? 'audio' : 'video';
}

/** Plays a stream in an element, and in the page rather than over it. */
export function show(stream: MediaStream, element: HTMLMediaElement): void {
  element.autoplay = true;
  element.setAttribute('playsinline', '');
  element.srcObject = stream;
}
