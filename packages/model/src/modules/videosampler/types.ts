/**
 * Complex types of module `videosampler`.
 * @module
 */

/** File format of a still picture. */
export const ImageEncoding = {
  name: 'ImageEncoding',
  kind: 'enum',
  doc: 'File format of a still picture.',
  values: ['PNG', 'JPEG', 'BMP', 'PBM', 'PPM'],
} as const;

/** How still pictures are delivered. NONE delivers nothing. */
export const ImageDelivery = {
  name: 'ImageDelivery',
  kind: 'enum',
  doc: 'How still pictures are delivered. NONE delivers nothing.',
  values: ['NONE', 'GRPC'],
} as const;
