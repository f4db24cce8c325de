import { expect, test } from 'vitest';
import { lockAccess, recordAccess } from '../../../../src/steps/common/access.ts';

const identity = { upgrade: 'calico', namespace: 'hooks', plan: 'aaaaaaaa' };

test('a reader of the record may get that one ConfigMap', () => {
  expect(recordAccess(identity, 'read')).toEqual([{ apiGroup: '', resources: ['configmaps'], verbs: ['get'], resourceNames: ['hookwave-calico'], namespace: 'hooks' }]);
});

test('no rule with create is limited by a name, which would forbid it', () => {
  const rules = [...recordAccess(identity, 'write'), ...lockAccess(identity)];
  expect(rules.filter(({ verbs }) => verbs.includes('create')).map(({ resources, resourceNames }) => [resources[0], resourceNames])).toEqual([['configmaps', undefined], ['leases', undefined]]);
  expect(rules.every(({ namespace }) => namespace === 'hooks')).toBe(true);
});
