import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { VERSION } from '../../src/version.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const read = (path: string): string => readFileSync(join(deploy, path), 'utf8');

test('every image and reference in deploy/ has the version of this release', () => {
  const versions = ['Dockerfile', 'argocd/Dockerfile', 'argocd/repo-server.yaml', 'argocd/kustomization.yaml', 'argocd/health/kustomization.yaml'].map((file) => [
    file,
    ...new Set([...read(file).matchAll(/(?:hookwave\/[a-z-]+:|ref=)v(\d[\w.]*)/g)].map(([, version]) => version)),
  ]);
  expect(versions.filter(([, ...found]) => found.join() !== VERSION)).toEqual([]);
});

test('both Dockerfiles begin with the same Node, and send no more than what they copy', () => {
  const [runner = '', plugin = ''] = ['Dockerfile', 'argocd/Dockerfile'].map(read);
  const base = (text: string) => /^ARG BASE=(\S+)\nFROM \$\{BASE\} AS node$/m.exec(text)?.[1];
  expect(base(runner)).toMatch(/^docker\.io\/library\/node:(2[2-9]|[3-9]\d)\./);
  expect(base(plugin)).toBe(base(runner));
  for (const file of ['Dockerfile', 'argocd/Dockerfile']) {
    const copied = [...read(file).matchAll(/^COPY (?!--from)(\S+) /gm)].map(([, source = '']) => source.replace(/\/$/, ''));
    const allowed = read(`${file}.dockerignore`).split('\n').flatMap((line) => (line.startsWith('!') ? [line.slice(1).replace(/\/$/, '')] : []));
    expect(copied.length).toBeGreaterThan(1);
    expect([...allowed].sort()).toEqual([...copied].sort());
  }
});

test('every health script stands in argocd-cm under the kind it is for', () => {
  const [generator] = parse(read('argocd/health/kustomization.yaml')).configMapGenerator;
  const entries: readonly (readonly [kind: string, file: string])[] = generator.files.map((entry: string) => /^resource\.customizations\.health\.([^=]+)=(.+)\.lua$/.exec(entry)?.slice(1) ?? [entry, '']);
  const scripts = readdirSync(join(deploy, 'argocd/health')).filter((file) => file.endsWith('.lua'));
  expect(entries.filter(([kind, file]) => kind !== file && !kind.startsWith(`${file}_`))).toEqual([]);
  expect([...new Set(entries.map(([, file]) => `${file}.lua`))].sort()).toEqual(scripts.sort());
});

test('a script that uses a standard library of Lua says so in argocd-cm', () => {
  const [generator] = parse(read('argocd/health/kustomization.yaml')).configMapGenerator;
  const open: readonly string[] = generator.literals.map((literal: string) => /useOpenLibs\.([^=]+)=true/.exec(literal)?.[1]);
  const needing = readdirSync(join(deploy, 'argocd/health')).filter((file) => file.endsWith('.lua') && /\bstring\./.test(read(`argocd/health/${file}`)));
  expect(needing.map((file) => file.replace('.lua', '')).sort()).toEqual([...open].sort());
});
