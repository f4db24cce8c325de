/** An image reference as container runtimes read it: `[registry[:port]/]path[:tag][@digest]`. */
export interface ImageReference {
  /** `quay.io`, `localhost:5000`; absent when the runtime's default registry is meant. */
  readonly registry?: string;
  /** `calico/node`, without registry. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:...` */
  readonly digest?: string;
}

// The grammar of distribution/reference (v2, reference.go).
const SEGMENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const NAME_MAXIMUM = 255;

/** @throws TypeError when the text is no image reference; the message names the part that is wrong. */
export function parseImage(text: string): ImageReference {
  const fail = (part: string): never => {
    throw new TypeError(`"${text}" is no image reference: ${part}; expected [registry[:port]/]path[:tag][@digest]`);
  };
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) fail('the digest is malformed');
  const { name, tag } = splitTag(named);
  if (tag !== undefined && !TAG.test(tag)) fail(`the tag "${tag}" is malformed`);
  const { registry, path } = splitRegistry(name);
  if (registry !== undefined && !HOST.test(registry)) fail(`the registry "${registry}" is malformed`);
  if (name.length > NAME_MAXIMUM) fail(`the name is longer than ${NAME_MAXIMUM} characters`);
  if (!path.split('/').every((segment) => SEGMENT.test(segment))) fail(`the path "${path}" is malformed`);
  return { ...(registry !== undefined && { registry }), path, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** A colon after the last slash begins the tag; one before it belongs to the registry's port. */
function splitTag(text: string): { readonly name: string; readonly tag?: string } {
  const colon = text.lastIndexOf(':');
  return colon > text.lastIndexOf('/') ? { name: text.slice(0, colon), tag: text.slice(colon + 1) } : { name: text };
}

/** The first segment is a registry when it has a dot, a port or capitals, or is `localhost`. */
function splitRegistry(name: string): { readonly registry?: string; readonly path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:[A-Z]/.test(first) || first === 'localhost';
  return isHost ? { registry: first, path: name.slice(slash + 1) } : { path: name };
}

export function formatImage({ registry, path, tag, digest }: ImageReference): string {
  return [registry && `${registry}/`, path, tag && `:${tag}`, digest && `@${digest}`].filter(Boolean).join('');
}

/** The tag, or `undefined` when there is none or the text is no image reference. */
export function tagOf(image: string | undefined): string | undefined {
  return read(image)?.tag;
}

/** Everything before the last path segment, `quay.io/calico`; empty for a bare name and for what is no image reference. */
export function registryPrefixOf(image: string | undefined): string {
  const reference = read(image);
  if (!reference) return '';
  const { tag: _tag, digest: _digest, ...name } = reference;
  const text = formatImage(name);
  return text.slice(0, Math.max(text.lastIndexOf('/'), 0));
}

/**
 * The same image behind another prefix: everything before the last path segment is exchanged.
 * @param prefix `registry.example.com:5000/mirror`; empty for none
 * @throws TypeError when the image or the result is no image reference.
 */
export function withRegistry(image: string, prefix: string): string {
  const reference = parseImage(image);
  const last = reference.path.slice(reference.path.lastIndexOf('/') + 1);
  const { registry: _registry, ...rest } = reference;
  const base = prefix.replace(/\/+$/, '');
  return formatImage(parseImage(formatImage({ ...rest, path: base === '' ? last : `${base}/${last}` })));
}

function read(image: string | undefined): ImageReference | undefined {
  try {
    return image === undefined ? undefined : parseImage(image);
  } catch {
    return undefined;
  }
}
