import { exampleObject } from '../example.ts';
import type { Rule } from '../rule.ts';
import { templateCalls } from '../template-calls.ts';

const CHANGES = /^(?:rand(?:Alpha|AlphaNum|Numeric|Ascii|Bytes|Int)|shuffle|uuidv4|now|ago|gen(?:CA|SelfSignedCert|SignedCert)(?:WithKey)?|genPrivateKey|htpasswd|bcrypt|encryptAES)$/;

export const templateChangesAlways: Rule = {
  code: 'template-changes-always',
  level: 'warning',
  title: 'a template gives something else each time it is rendered',
  why: 'A random value, a new key or the time of day makes each rendering another one. Argo CD renders again with each commit, with a hard refresh and when its cache ends, and each time the application is OutOfSync, and with automated sync the hooks run again; Helm gives out a new password, or rolls the Pods, at each upgrade.',
  source: 'Helm documentation, function list (sprig v3 crypto.go, strings.go); argo-cd documentation, user guide, Helm, random data',
  fix: 'take the value from a Secret or a value that is made once; for a checksum use sha256sum of what shall roll the Pods',
  bad: exampleObject('v1', 'Secret', 'login', [], 'stringData:', '  password: {{ randAlphaNum 16 | quote }}'),
  good: exampleObject('v1', 'Secret', 'login', [], 'stringData:', '  password: {{ required "set password" .Values.password | quote }}'),
  scope: 'template',
  *check({ templates }) {
    for (const { name, ...place } of templateCalls(templates, CHANGES)) yield { place, message: `${name} gives something else each time` };
  },
};
