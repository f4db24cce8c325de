import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const protobuf = createRequire(createRequire(import.meta.url).resolve('@grpc/proto-loader'))('protobufjs');

/** esbuild plugin: the etcd3 library reads its protocol from .proto files at run time; a bundle has no files, and this spares the parsing in every Pod. */
export const etcdProtocol = {
  name: 'etcd-protocol',
  setup({ onLoad }) {
    onLoad({ filter: /etcd3[/\\]lib[/\\]connection-pool\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const root = await new protobuf.Root().load(join(dirname(path), '../proto/rpc.proto'), { keepCase: true });
      const found = source.match(CALL);
      if (!found) throw new Error(`${path} does not load its protocol as expected; see build/etcd-protocol.mjs`);
      return { contents: source.replace(CALL, () => `(0, proto_loader_1.fromJSON)(${JSON.stringify(root.toJSON())}, `), loader: 'js' };
    });
  },
};

const CALL = /\(0, proto_loader_1\.loadSync\)\(`[^`]*rpc\.proto`, /;
