export type { MemoryRegions, PacketMemory } from './PacketMemory.ts';
export type { HeaderExtensionIds, MediaKind, RtpCodec } from './RtpCodec.ts';
export { codecsMatch } from './codec/codecsMatch.ts';
