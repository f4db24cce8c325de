/** Users of an etcd 3.4: the v2 and the v3 API each have their own, switched on apart. */
export interface Users {
  readonly root: { readonly username: string; readonly password: string };
  /** May use `/calico/` only. */
  readonly calico: { readonly username: string; readonly password: string };
  /** The one grant more that the migration asks for. */
  grantState(): Promise<void>;
}

const root = { username: 'root', password: 'root-secret' };
const calico = { username: 'calico', password: 'calico-secret' };
const ROLE = 'calico';

export async function limitUsers(endpoint: string): Promise<Users> {
  await limitV3(endpoint);
  await limitV2(endpoint);
  return { root, calico, grantState: async () => grant(endpoint, await tokenOf(endpoint), '/hookwave/calico-migration/') };
}

async function limitV3(endpoint: string): Promise<void> {
  const post = (path: string, body: object): Promise<unknown> => gateway(endpoint, path, body);
  for (const { username: name, password } of [root, calico]) {
    await post('auth/user/add', { name, password });
    await post('auth/role/add', { name });
    await post('auth/user/grant', { user: name, role: name });
  }
  await grant(endpoint, undefined, '/calico/');
  await post('auth/enable', {});
}

async function grant(endpoint: string, token: string | undefined, prefix: string): Promise<void> {
  const end = `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;
  await gateway(endpoint, 'auth/role/grant', { name: ROLE, perm: { permType: 'READWRITE', key: btoa(prefix), range_end: btoa(end) } }, token);
}

async function tokenOf(endpoint: string): Promise<string> {
  return ((await gateway(endpoint, 'auth/authenticate', { name: root.username, password: root.password })) as { token: string }).token;
}

async function gateway(endpoint: string, path: string, body: object, token?: string): Promise<unknown> {
  return answered(path, await fetch(`${endpoint}/v3/${path}`, { method: 'POST', body: JSON.stringify(body), headers: token === undefined ? {} : { Authorization: token } }));
}

async function limitV2(endpoint: string): Promise<void> {
  const authorization = `Basic ${btoa(`${root.username}:${root.password}`)}`;
  const put = async (path: string, body: object): Promise<unknown> =>
    answered(path, await fetch(`${endpoint}/v2/auth/${path}`, { method: 'PUT', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', Authorization: authorization } }));
  await put('users/root', { user: root.username, password: root.password });
  await put(`roles/${ROLE}`, { role: ROLE, permissions: { kv: { read: ['/calico/*'], write: ['/calico/*'] } } });
  await put(`users/${calico.username}`, { user: calico.username, password: calico.password, roles: [ROLE] });
  await put('enable', {});
  // By default everybody may do everything as guest.
  await put('roles/guest', { role: 'guest', revoke: { kv: { read: ['/*'], write: ['/*'] } } });
}

async function answered(path: string, response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text.trim() === '' ? undefined : JSON.parse(text);
}
