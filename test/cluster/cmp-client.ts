import { createHash } from 'node:crypto';
import { connect, type ClientHttp2Session } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './run.ts';

/** What repo-server asks of a plugin (argo-cd v3.2, cmpserver/plugin/plugin.proto). */
export type CmpMethod = 'GenerateManifest' | 'GetParametersAnnouncement' | 'MatchRepository';

/** One field of an answer: number and bytes. */
export type Field = readonly [number: number, value: Buffer];

/**
 * Asks a plugin's cmp-server as repo-server does: the folder goes over its socket as a packed stream.
 * @returns the fields of the answer's message
 * @throws Error with the plugin's own words
 */
export async function askPlugin(socket: string, method: CmpMethod, folder: string, env: Readonly<Record<string, string>> = {}): Promise<readonly Field[]> {
  const packed = await pack(folder);
  const session = connect('http://plugin', { createConnection: () => connectSocket(socket) });
  try {
    return fields(await call(session, method, messagesFor(packed, env)));
  } finally {
    session.close();
  }
}

async function pack(folder: string): Promise<Buffer> {
  const work = mkdtempSync(join(tmpdir(), 'hookwave.pack-'));
  try {
    await run('tar', ['-czf', join(work, 'packed.tgz'), '-C', folder, '.']);
    return readFileSync(join(work, 'packed.tgz'));
  } finally {
    rmSync(work, { recursive: true });
  }
}

const CHUNK = 64 * 1024;

function messagesFor(packed: Buffer, env: Readonly<Record<string, string>>): readonly Buffer[] {
  const metadata = Buffer.concat([
    text(1, 'test'),
    text(2, '.'),
    text(3, createHash('sha256').update(packed).digest('hex')),
    Buffer.from([4 << 3]),
    varint(packed.length),
    ...Object.entries(env).map(([name, value]) => bytes(5, Buffer.concat([text(1, name), text(2, value)]))),
  ]);
  const chunks = Array.from({ length: Math.ceil(packed.length / CHUNK) }, (_, index) => packed.subarray(index * CHUNK, (index + 1) * CHUNK));
  return [bytes(1, metadata), ...chunks.map((chunk) => bytes(2, bytes(1, chunk)))];
}

function call(session: ClientHttp2Session, method: CmpMethod, messages: readonly Buffer[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    const request = session.request({ ':method': 'POST', ':path': `/plugin.ConfigManagementPluginService/${method}`, 'content-type': 'application/grpc', te: 'trailers' });
    const received: Buffer[] = [];
    let status: Readonly<Record<string, unknown>> = {};
    request.on('response', (headers) => (status = { ...status, ...headers }));
    request.on('trailers', (trailers) => (status = { ...status, ...trailers }));
    request.on('data', (chunk: Buffer) => received.push(chunk));
    request.once('error', reject);
    request.once('end', () => {
      if (status['grpc-status'] === '0') resolve(Buffer.concat(received).subarray(PREFIX));
      else reject(new Error(decodeURIComponent(String(status['grpc-message']))));
    });
    for (const message of messages) request.write(framed(message));
    request.end();
  });
}

/** gRPC: a flag and four bytes of length before each message. */
const PREFIX = 5;

function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

// The little of protobuf that is needed: numbers, and fields with a length.

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const result: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) result.push((value % 0x80) | 0x80);
  return Buffer.from([...result, value]);
}

/** The fields of a message; numbers have their value in eight bytes. */
export function fields(message: Buffer): readonly Field[] {
  const found: Field[] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = number();
    const length = number();
    if ((tag & 7) === 2) found.push([tag >> 3, message.subarray(at, (at += length))]);
    else found.push([tag >> 3, Buffer.from(BigInt64Array.of(BigInt(length)).buffer)]);
  }
  return found;
}
