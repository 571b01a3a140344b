/**
 * The short language in which the planner's tests are written.
 *
 * Elements: `a=web(VP8,H264)` and so on, see `kinds`. Edges: `a>b`, `a>b[slides]`; a leading `A` as in `A:a>b` is audio.
 * What a plan does, with raw media written `a~` (decoded from a) or `f` (output of node f):
 * `tap a:VP8`, `dec a:VP8`, `enc a~H264`, `feed a~H264`, `raw a~>f`, `link a:VP8>r`, and forwards as `b<a` or `b<a~H264`.
 * @module
 */
import type {
  Connection,
  ElementPads,
  HostLink,
  MediaType,
  Plan,
  PlannerOptions,
  PlanStep,
} from '@rivero/graph';
import { Planner } from '@rivero/graph';
import type { RtpCodec } from '@rivero/rtp';

const audio: Readonly<Record<string, readonly [number, number]>> = {
  OPUS: [48_000, 2],
  PCMU: [8000, 1],
  PCMA: [8000, 1],
  G722: [8000, 1],
  AMR: [8000, 1],
  'AMR-WB': [16_000, 1],
  SPEEX: [16_000, 1],
  'MPEG4-GENERIC': [48_000, 2],
  'TELEPHONE-EVENT': [8000, 1],
};

/** A codec such as `VP8`, `VP9/2` (profile), `H264/main`, `H264/0` (packetization mode), `H264/?` (no parameters). */
export function codec(text: string): RtpCodec {
  const [name = '', variant] = text.split('/');
  const [clockRate, channels] = audio[name] ?? [90_000, 1];
  return {
    payloadType: 100,
    name,
    clockRate,
    channels,
    parameters: parametersOf(name, variant),
    feedback: [],
  };
}

function parametersOf(name: string, variant: string | undefined): Record<string, string> {
  if (name === 'VP9' && variant) return { 'profile-id': variant };
  if (name !== 'H264' || variant === '?') return {};
  const profile = { main: '4d001f', high: '64001f' }[variant ?? ''] ?? '42e01f';
  return { 'profile-level-id': profile, 'packetization-mode': variant === '0' ? '0' : '1' };
}

type Kind = (id: string, names: string[]) => ElementPads;

const formats = (names: string[]): { name: string }[] => names.map((name) => ({ name }));
const lists = new Map<string, RtpCodec[]>();

/** The same array for the same text, as for endpoints that negotiated alike. */
function codecs(names: string[]): RtpCodec[] {
  const known = lists.get(names.join()) ?? names.map(codec);
  lists.set(names.join(), known);
  return known;
}

/** Every kind of element by its name in the notation. */
const kinds: Readonly<Record<string, Kind>> = {
  /** A WebRtcEndpoint that negotiated these codecs both ways. */
  web: (id, names) => ({
    source: { role: 'producer', producerId: `${id}.in`, codecs: codecs(names) },
    sink: { role: 'consumer', consumerId: id, codecs: codecs(names) },
  }),
  /** An endpoint that only sends. */
  cam: (id, names) => ({ source: { role: 'producer', producerId: `${id}.in`, codecs: codecs(names) } }),
  /** An endpoint that only receives. */
  view: (id, names) => ({ sink: { role: 'consumer', consumerId: id, codecs: codecs(names) } }),
  /** A PassThrough, or the port of a Dispatcher that hands on what another port gets. */
  pass: (_, [from]) => ({
    source: { role: 'relay', ...(from && { from }) },
    sink: { role: 'relay' },
  }),
  /** The port of a Dispatcher to which nothing is connected. */
  port: () => ({ sink: { role: 'relay' } }),
  /** A PlayerEndpoint: one codec, `RAW`, or both. */
  player: (id, names) => {
    const [encoded] = names.filter((name) => name !== 'RAW');
    const more = encoded ? { encoded: codecs([encoded])[0]! } : {};
    return { source: { role: 'hostSource', nodeId: id, ...more, raw: names.includes('RAW') } };
  },
  /** A RecorderEndpoint, or anything that ends in a host. */
  rec: (id, names) => ({ sink: { role: 'hostSink', nodeId: id, formats: formats(names) } }),
  /** A filter. */
  filter: (id) => ({
    source: { role: 'hostTransform', nodeId: id },
    sink: { role: 'hostTransform', nodeId: id },
  }),
  /** A port of a mixer, whose ports share one picture. */
  mix: (id, [hub = '']) => ({
    source: { role: 'hostSource', nodeId: hub, raw: true },
    sink: { role: 'hostSink', nodeId: hub, input: id, formats: formats(['RAW']) },
  }),
  /** A port of a mixer that makes one sound for each port. */
  mixEach: (id, [hub = '']) => ({
    source: { role: 'hostSource', nodeId: hub, output: id, raw: true },
    sink: { role: 'hostSink', nodeId: hub, input: id, formats: formats(['RAW']) },
  }),
  /** An element that has negotiated nothing. */
  none: () => ({}),
};

/** The id and the pads of `a=web(VP8)`; the pads are those of both media types. */
export function element(text: string): [string, ElementPads] {
  const [, id = '', kind = '', names = ''] = /^([\w-]+)=(\w+)(?:\((.*)\))?$/.exec(text) ?? [];
  const make = kinds[kind];
  if (!make) throw new Error(`What is ${text}?`);
  return [id, make(id, names ? names.split(',') : [])];
}

/** The connection of `a>b`, `A:a>b` or `a>b[slides]`. */
export function edge(text: string): Connection {
  const [, media, sourceId = '', sinkId = '', sinkDescription = 'default'] =
    /^([AD]:)?([\w-]+)>([\w-]+)(?:\[(\w+)\])?$/.exec(text) ?? [];
  if (!sinkId) throw new Error(`What is ${text}?`);
  const type: MediaType = media === 'A:' ? 'AUDIO' : media === 'D:' ? 'DATA' : 'VIDEO';
  return { sourceId, sinkId, type, sourceDescription: 'default', sinkDescription };
}

/** One change: an element or an edge to add, `-a>b`, `!a` (release), `a*H264` or `a*VP8@15` (pin), `a*` (unpin). */
export function change(planner: Planner, text: string): void {
  const pin = /^([AD]:)?([\w-]+)\*([\w-]+)?(?:@(\d+))?$/.exec(text);
  if (pin) {
    const [, media, id = '', name, rate] = pin;
    const framerate = rate ? { framerate: { numerator: Number(rate), denominator: 1 } } : {};
    planner.setFormat(id, media ? 'AUDIO' : 'VIDEO', name ? { codec: name, ...framerate } : undefined);
  } else if (text.startsWith('!')) planner.removeElement(text.slice(1));
  else if (text.startsWith('-')) planner.connections.remove(edge(text.slice(1)));
  else if (text.includes('=')) {
    const [id, pads] = element(text);
    planner.setElement(id, { AUDIO: pads, VIDEO: pads });
  } else planner.connections.add(edge(text));
}

/** A planner after these changes, which are separated by blanks. There is a host unless told otherwise. */
export function planner(text: string, options: PlannerOptions = { hosts: true }): Planner {
  const made = new Planner(options);
  for (const one of words(text)) change(made, one);
  return made;
}

/** The words of a text. */
export function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** What the short form of an id makes of its parts, in this order. */
const abbreviations: readonly (readonly [RegExp, string])[] = [
  [/;packetization-mode=1;profile-level-id=42e01f/g, ''],
  [/;packetization-mode=0;profile-level-id=42e01f/g, '_0'],
  [/;packetization-mode=1;profile-level-id=4d001f/g, '_main'],
  [/;packetization-mode=1;profile-level-id=64001f/g, '_high'],
  [/\/\d{4,}(?:\/\d)?/g, ''],
  [/(@\d+)\/1\b/g, '$1'],
  [/tap\(([\w-]+)\.in\|([\w-]+)\)/g, '$1:$2'],
  [/out\(([\w-]+),(?:AUDIO|VIDEO)\)/g, '$1'],
  [/out\(([\w-]+),([\w-]+)\)/g, '$1.$2'],
  [/dec\(([\w-]+)[:|][\w-]+\)/g, '$1~'],
  [/enc\(([\w-.]+)~?(@\d+)?\|([\w-]+)\)/g, '$1~$3$2'],
  [/feed\(([\w-]+)\|[\w-]+\|([\w-]+)\)/g, '$1:$2'],
  [/feed\(([^()]*)\)/g, '$1'],
  [/\.in$/g, ''],
];

/** The short form of an id. */
export function short(id: string): string {
  return abbreviations.reduce((text, [long, brief]) => text.replace(long, brief), id);
}

/** What a plan does, in words. */
export function brief(plan: Plan): string {
  const { taps, decoders, encoders, feeds, rawLinks, encodedLinks, forwards } = plan;
  return [
    ...[...taps.keys()].map((id) => `tap ${short(id)}`),
    ...[...decoders.values()].map(({ streamId, codec: { name } }) => `dec ${ofCodec(short(streamId), name)}`),
    ...[...encoders.keys()].map((id) => `enc ${short(id)}`),
    ...[...feeds.keys()].map((id) => `feed ${short(id)}`),
    ...[...rawLinks.values()].map(rawText),
    ...[...encodedLinks.values()].map(encodedText),
    ...[...forwards].map(([consumerId, producerId]) => `${consumerId}<${short(producerId)}`),
  ].join(', ');
}

const ofCodec = (stream: string, name: string): string =>
  /[:~]/.test(stream) ? stream : `${stream}:${name}`;
const inputOf = (nodeId: string, input: string): string =>
  /^(AUDIO|VIDEO)$/.test(input) ? nodeId : `${nodeId}.${input.replace(/^(AUDIO|VIDEO):/, '')}`;

function rawText({ fromId, nodeId, input, framerate }: HostLink): string {
  return `raw ${short(fromId)}${framerate ? `@${framerate.numerator}` : ''}>${inputOf(nodeId, input)}`;
}

function encodedText({ fromId, nodeId, input, codec: sent }: HostLink): string {
  return `link ${ofCodec(short(fromId), sent?.name ?? '')}>${inputOf(nodeId, input)}`;
}

/** What a step does, in words: `+` starts or links, `-` stops or unlinks, `b<` leaves a consumer without source. */
export function stepText(step: PlanStep): string {
  if (step.op === 'forward') return `${step.consumerId}<${short(step.producerId ?? '')}`;
  if (step.op === 'link' || step.op === 'unlink') {
    return (
      (step.op === 'link' ? '+' : '-') + (step.kind === 'raw' ? rawText(step.link) : encodedText(step.link))
    );
  }
  const name = { tap: 'tap', decoder: 'dec', encoder: 'enc', feed: 'feed' }[step.kind];
  const id =
    step.kind === 'decoder'
      ? ofCodec(short(step.branch.streamId), step.branch.codec.name)
      : short(step.branch.id);
  return `${step.op === 'start' ? '+' : '-'}${name} ${id}`;
}
