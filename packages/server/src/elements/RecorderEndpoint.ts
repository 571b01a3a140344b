/**
 * RecorderEndpoint: writes what reaches it into a file, as it is encoded where the container allows that.
 * @module
 */
import type { FlowChange } from '@rivero/graph';
import { KurentoError } from '@rivero/model';
import type * as api from '@rivero/model/server';
import { type FilePolicy, filePath } from '../media/fileUris.ts';
import { Recording } from '../media/Recording.ts';
import { recordingPads, type RecordingProfile, recordingProfile } from '../media/recordingProfile.ts';
import type { Placement } from '../objects/ServerContext.ts';
import { MediaElement } from './MediaElement.ts';

/** Decoded constructor parameters. */
export type RecorderEndpointOptions = Omit<api.RecorderEndpointParams, 'mediaPipeline'>;

/** What a client wants of the recorder. */
type Wish = 'RECORD' | 'PAUSE' | 'STOP';

/** An endpoint that records. It records one file in its life. */
export class RecorderEndpoint extends MediaElement implements api.RecorderEndpoint {
  readonly #uri: string;
  readonly #profile: RecordingProfile;
  readonly #recording: Recording;
  #wish: Wish | undefined;
  #state: api.UriEndpointState = 'STOP';
  #started = false;

  private constructor(placement: Placement, uri: string, profile: RecordingProfile, path: string) {
    super(placement);
    const { media, log } = this.context;
    this.#uri = uri;
    this.#profile = profile;
    const listener = {
      onStarted: () => this.#onStarted(),
      onFailed: (type: string, description: string, errorCode: number) => {
        this.raiseError(type, description, errorCode);
        void this.stop();
      },
    };
    this.#recording = new Recording(media.hosts, profile.muxer, path, listener, log);
    this.media.addNode(this.id, this.#recording);
  }

  /**
   * Makes a recorder.
   *
   * @throws {KurentoError} `MEDIA_OBJECT_ILLEGAL_PARAM_ERROR` for a profile or URI that cannot be recorded,
   * `MEDIA_OBJECT_NOT_AVAILABLE` if GStreamer lacks something
   */
  static async create(placement: Placement, options: RecorderEndpointOptions): Promise<RecorderEndpoint> {
    const { uri, mediaProfile } = options;
    const { defaults, media } = placement.context;
    const profile = recordingProfile(mediaProfile);
    if (profile === undefined) {
      const message =
        mediaProfile === 'KURENTO_SPLIT_RECORDER'
          ? 'Kurento Split Recorder not supported'
          : `The profile ${mediaProfile} is not supported yet`;
      throw new KurentoError('MEDIA_OBJECT_ILLEGAL_PARAM_ERROR', message);
    }
    const policy: FilePolicy = { defaultPath: defaults.defaultPath, directories: defaults.directories };
    const path = filePath(uri, policy);
    await media.hosts.demand('RecorderEndpoint', profile.factories);
    return new RecorderEndpoint(placement, uri, profile, path);
  }

  getUri(): string {
    return this.#uri;
  }

  getState(): api.UriEndpointState {
    return this.#state;
  }

  async record(): Promise<void> {
    if (this.#wish === 'STOP') {
      this.context.log.warn({ object: this.id }, 'a recorder that was stopped cannot record again');
      return;
    }
    if (this.#wish === 'RECORD') return;
    const isFirst = this.#wish === undefined;
    this.#wish = 'RECORD';
    if (this.#started) {
      await this.#recording.resume();
      this.#tell('Recording', 'START');
    } else if (!isFirst) await this.#recording.resume();
    await this.media.ready();
    this.media.link();
    await this.setPads(recordingPads(this.id, this.#profile));
  }

  async pause(): Promise<void> {
    if (this.#wish === 'PAUSE' || this.#wish === 'STOP') return;
    this.#wish = 'PAUSE';
    await this.#recording.pause();
    this.#tell('Paused', 'PAUSE');
  }

  async stop(): Promise<void> {
    // The file is finished after the answer.
    this.#stop().catch((error: unknown) =>
      this.context.log.error({ err: error, object: this.id }, 'not stopped'),
    );
  }

  async stopAndWait(): Promise<void> {
    await this.#stop();
  }

  override onFlow(change: FlowChange): void {
    super.onFlow(change);
    if (change.direction === 'in') this.#recording.setFlowing(change.type, change.flowing);
  }

  protected override async onRelease(): Promise<void> {
    await this.#stop();
    this.media.removeNode(this.id);
    await super.onRelease();
  }

  async #stop(): Promise<void> {
    const wish = this.#wish;
    this.#wish = 'STOP';
    await this.#recording.finish();
    if (wish === 'STOP') return;
    if (this.#started || wish === 'PAUSE') this.#tell('Stopped', 'STOP');
    await this.setPads({});
  }

  #onStarted(): void {
    if (this.#started) return;
    this.#started = true;
    if (this.#wish === 'RECORD') this.#tell('Recording', 'START');
  }

  #tell(event: 'Recording' | 'Paused' | 'Stopped', state: api.UriEndpointState): void {
    this.#state = state;
    this.raise(event);
    this.raise('UriEndpointStateChanged', { state });
  }
}
