/**
 * The tags of one media object.
 * @module
 */
import { KurentoError } from '@rivero/model';
import type { Tag } from '@rivero/model/server';

/** Key-value pairs, listed by key. */
export class Tags {
  readonly #values = new Map<string, string>();

  /** Sets `key` to `value`. */
  set(key: string, value: string): void {
    this.#values.set(key, value);
  }

  /** Removes `key`; silent if it is absent. */
  remove(key: string): void {
    this.#values.delete(key);
  }

  /**
   * The value of `key`.
   *
   * @throws {KurentoError} MEDIA_OBJECT_TAG_KEY_NOT_FOUND
   */
  get(key: string): string {
    const value = this.#values.get(key);
    if (value === undefined) throw new KurentoError('MEDIA_OBJECT_TAG_KEY_NOT_FOUND', 'Tag key not found');
    return value;
  }

  /** All pairs, ordered by key. */
  list(): Tag[] {
    const keys = [...this.#values.keys()].sort((left, right) => (left < right ? -1 : 1));
    return keys.map((key) => ({ key, value: this.get(key) }));
  }
}
