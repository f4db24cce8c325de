import type { Rule } from '../rule.ts';
import { exampleJob } from '../example.ts';

export const generateNameNotHook: Rule = {
  code: 'generate-name-not-hook',
  level: 'error',
  title: 'an object that is no hook has a generateName',
  why: 'Argo CD and Helm apply objects, and apply needs a name; only hooks get one made up by Argo CD. Helm has nothing to make it up and nothing to delete it by, not for its hooks either.',
  source: 'argo-cd issue 1639; v3.2 gitops-engine pkg/sync/sync_context.go (getSyncTasks names hooks only)',
  fix: 'give it a metadata.name, with a digest of its content in it where each version should be a new object',
  bad: exampleJob({ name: '', annotations: [] }).replace('metadata:\n', 'metadata:\n  generateName: migrate-\n'),
  good: exampleJob({ name: 'migrate-0a1b2c3d', annotations: [] }),
  *check({ objects, forArgo, forHelm }) {
    for (const object of objects) {
      const namedByArgo = forArgo && object.argo.isHook && !(forHelm && object.helm.isHook);
      if (object.name !== '' || namedByArgo) continue;
      yield { object, path: ['metadata', 'generateName'], message: `generateName ${object.generateName} on ${object.helm.isHook ? 'a hook of Helm' : 'an object that is no hook of Argo CD'}: it can't be applied` };
    }
  },
};
