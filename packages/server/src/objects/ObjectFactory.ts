/**
 * Makes media objects from a type name and the parameters of the wire.
 * @module
 */
import { KurentoError, type Api, type ClassInfo, type DecodeContext } from '@rivero/model';
import { MediaObject } from './MediaObject.ts';
import type { Placement, ServerContext } from './ServerContext.ts';

/** Makes an object of one class. `params` are decoded: references are live objects, defaults are filled in. */
export type ElementFactory = (
  placement: Placement,
  params: Record<string, unknown>,
) => MediaObject | Promise<MediaObject>;

/** Factories by qualified type or, for the three base modules, short class name. */
export type ElementClasses = ReadonlyMap<string, ElementFactory>;

/** Makes media objects from a type name and the parameters of the wire. */
export class ObjectFactory {
  readonly #context: ServerContext;
  readonly #classes: ElementClasses;

  /** Makes objects of `classes` in `context`. */
  constructor(context: ServerContext, classes: ElementClasses) {
    this.#context = context;
    this.#classes = classes;
  }

  /**
   * Makes an object and puts it into the tree.
   *
   * @param type as in `create`: `WebRtcEndpoint`, `kurento.WebRtcEndpoint` or `chroma.ChromaFilter`
   * @param constructorParams as received; undefined when absent
   * @param decodeContext turns ids into live objects
   * @throws {KurentoError} MEDIA_OBJECT_NOT_AVAILABLE if the type is unknown, abstract or not implemented;
   * MARSHALL_ERROR or MEDIA_OBJECT_NOT_FOUND because of the parameters; whatever the class throws
   */
  async create(type: string, constructorParams: unknown, decodeContext: DecodeContext): Promise<MediaObject> {
    const { api } = this.#context;
    const info = api.findClass(type);
    const make = info === undefined ? undefined : findFactory(this.#classes, info);
    if (info === undefined || make === undefined) {
      throw new KurentoError('MEDIA_OBJECT_NOT_AVAILABLE', `Factory '${type}' not found`);
    }
    const params = api.decodeParams(
      constructorParams,
      info.constructorParams,
      'constructorParams',
      decodeContext,
    );
    const object = await make({ info, parent: findParent(params), context: this.#context }, params);
    try {
      object.enter();
    } catch (error) {
      await object.release();
      throw error;
    }
    return object;
  }
}

function findFactory(classes: ElementClasses, info: ClassInfo): ElementFactory | undefined {
  if (info.abstract) return undefined;
  return classes.get(info.qualifiedType) ?? classes.get(info.name);
}

/** The owner of a new object is the pipeline or the hub among its constructor parameters. */
function findParent(params: Readonly<Record<string, unknown>>): MediaObject | undefined {
  for (const value of Object.values(params)) {
    if (!(value instanceof MediaObject)) continue;
    if (value.info.isA('MediaPipeline') || value.info.isA('Hub')) return value;
  }
  return undefined;
}

/** Concrete classes of `api` that `classes` can make. */
export function implementedClasses(api: Api, classes: ElementClasses): readonly ClassInfo[] {
  return api.classes.filter((info) => findFactory(classes, info) !== undefined);
}

/** Concrete classes of `api` that `classes` cannot make yet; they answer `Factory 'X' not found`. */
export function missingClasses(api: Api, classes: ElementClasses): readonly ClassInfo[] {
  return api.classes.filter((info) => !info.abstract && findFactory(classes, info) === undefined);
}
