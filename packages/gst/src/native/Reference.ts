/**
 * References to GStreamer objects that are ours to give back.
 * @module
 */
import type { Kind, Pointer } from './cTypes.ts';
import { gst } from './gstreamer.ts';

/** Only warns: giving back from here could run at any time, also while a call uses the object. */
const forgotten = new FinalizationRegistry<string>((what) => {
  process.emitWarning(`A reference to ${what} was not given back`, 'GstReferenceWarning');
});

/** One reference to a GstObject. Whoever holds it calls `free` once. */
export class Reference<K extends Kind> {
  readonly #pointer: Pointer<K> & Pointer<'Object'>;
  #freed = false;

  /** Takes over a reference that is ours. */
  constructor(pointer: Pointer<K> & Pointer<'Object'>) {
    this.#pointer = pointer;
    forgotten.register(this, new.target.name, this);
  }

  /**
   * The object.
   * @throws {Error} after `free`.
   */
  get pointer(): Pointer<K> & Pointer<'Object'> {
    if (this.#freed) throw new Error(`A ${this.constructor.name} is used after it was given back`);
    return this.#pointer;
  }

  /** True after `free`. */
  get freed(): boolean {
    return this.#freed;
  }

  /** Gives the reference back. A second call does nothing. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    forgotten.unregister(this);
    gst().gst_object_unref(this.#pointer);
  }
}
