export type { OutboundStream, RtpOutlet } from './RtpOutlet.ts';
