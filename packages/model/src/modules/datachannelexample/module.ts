/**
 * Module `datachannelexample`: samples of data from and to the pipeline.
 * @module
 */
import type { Module } from '../../descriptor.ts';
import { apiVersion, generationTime } from '../version.ts';
import { KmsShowData } from './KmsShowData.ts';
import { KmsSendData } from './KmsSendData.ts';
import { KmsDetectFaces } from './KmsDetectFaces.ts';
import { KmsShowFaces } from './KmsShowFaces.ts';

/** Everything that module `datachannelexample` declares. */
export const datachannelexample: Module = {
  name: 'datachannelexample',
  wireModule: 'datachannelexample',
  version: apiVersion,
  generationTime,
  doc: 'Samples of data from and to the pipeline.',
  imports: ['core', 'elements', 'filters'],
  classes: { KmsShowData, KmsSendData, KmsDetectFaces, KmsShowFaces },
  events: {},
  types: {},
};
