import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const loader = createRequire(createRequire(import.meta.url).resolve('@grpc/proto-loader'));
const protobuf = loader('protobufjs');
const services = fileURLToPath(new URL('etcd-services.cjs', import.meta.url));

/** esbuild plugin: the etcd3 library reads its protocol from .proto files at run time; a bundle has no files, and this spares the parsing in every Pod. */
export const etcdProtocol = {
  name: 'etcd-protocol',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^protobufjs\/light$/ }, ({ path }) => ({ path: loader.resolve(path) }));
    onLoad({ filter: /etcd3[/\\]lib[/\\]connection-pool\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const root = await new protobuf.Root().load(join(dirname(path), '../proto/rpc.proto'), { keepCase: true });
      const rpc = root.lookup('etcdserverpb');
      for (const unused of ['Watch', 'Cluster', 'Maintenance']) rpc.remove(rpc.lookupService(unused));
      if (!CALL.test(source) || !LOADER.test(source)) throw new Error(`${path} does not load its protocol as expected; see build/etcd-protocol.mjs`);
      const contents = source.replace(CALL, () => `(0, proto_loader_1.fromJSON)(${JSON.stringify(root.toJSON())}, `).replace(LOADER, () => `require(${JSON.stringify(services)})`);
      return { contents, loader: 'js' };
    });
  },
};

const CALL = /\(0, proto_loader_1\.loadSync\)\(`[^`]*rpc\.proto`, /;
const LOADER = /require\("@grpc\/proto-loader"\)/;
