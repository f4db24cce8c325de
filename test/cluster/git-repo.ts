import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { run } from './run.ts';

/** Paths below the repository's root with their content, or a folder that is copied. */
export type Tree = Readonly<Record<string, string>> | { readonly folder: string };

export interface GitRepo {
  readonly dir: string;
  /** The `file://` URL for Argo CD. */
  readonly url: string;
  /** Replaces the whole tree; returns the commit's sha. */
  commit(tree: Tree, message: string): Promise<string>;
  /** Undoes a commit by a new one; returns the new one's sha. */
  revert(sha: string): Promise<string>;
}

/** Creates a repository with the branch `main`, independent of the user's Git configuration. */
export async function createGitRepo(dir: string): Promise<GitRepo> {
  mkdirSync(dir, { recursive: true });
  const env = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'test',
    GIT_AUTHOR_EMAIL: 'test@example.invalid',
    GIT_COMMITTER_NAME: 'test',
    GIT_COMMITTER_EMAIL: 'test@example.invalid',
  };
  const git = async (...args: string[]) => (await run('git', args, { cwd: dir, env })).trim();
  await git('init', '--quiet', '--initial-branch=main');
  return {
    dir,
    url: pathToFileURL(dir).href,
    async commit(tree, message) {
      replaceTree(dir, tree);
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    async revert(sha) {
      await git('revert', '--no-edit', sha);
      return git('rev-parse', 'HEAD');
    },
  };
}

function replaceTree(dir: string, tree: Tree): void {
  for (const name of readdirSync(dir)) if (name !== '.git') rmSync(join(dir, name), { recursive: true });
  if ('folder' in tree && typeof tree['folder'] === 'string' && Object.keys(tree).length === 1) {
    cpSync(tree['folder'], dir, { recursive: true });
    return;
  }
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
}
