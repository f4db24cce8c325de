/** Examples of each command, for its help and for the reference: command line and what it does. */
export type Example = readonly [line: string, meaning: string];

export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  init: [
    ['hookwave init CalicoUpgrade', 'write hookwave.yaml'],
    ['hookwave init CalicoUpgrade --schema', 'with a JSON Schema for the editor'],
    ['hookwave init CalicoUpgrade -f clusters/north.yaml', 'write another file'],
  ],
  vendor: [
    ['hookwave vendor https://raw.githubusercontent.com/projectcalico/calico/v3.32.1/manifests/calico.yaml', 'download it to vendor/calico.yaml and pin it'],
    ['hookwave vendor ~/Downloads/calico.yaml --as vendor/calico-v3.32.1.yaml', 'take a file under another name'],
    ['hookwave vendor vendor/calico.yaml', 'pin a file that has been changed on purpose'],
  ],
  plan: [
    ['hookwave plan', 'read what would happen'],
    ['hookwave plan --rights', 'and what each step may touch'],
    ['hookwave plan --output svg > plan.svg', 'a picture of phases and waves'],
    ['hookwave plan --order argo', 'in which order Argo CD will apply the objects of a first sync, and where it waits'],
    ['helm template ./chart | hookwave plan --order helm4 --stream -', "the same for any chart with Helm's own order"],
    ['hookwave plan --output json | jq ".[].notes"', 'everything, for programs'],
  ],
  synth: [
    ['hookwave synth', 'write deploy/<name>/ for Argo CD'],
    ['hookwave synth --sequencer helm -o charts', 'write a Helm chart'],
    ['hookwave synth -f clusters/north.yaml -o deploy/north', 'the specs of another file'],
  ],
  lint: [
    ['hookwave lint deploy/calico', 'judge a folder as one application'],
    ['helm template ./chart | hookwave lint - --chart ./chart', 'judge a chart, and what only its templates show'],
    ['helm template ./chart | hookwave lint - --previous <(helm get manifest calico; helm get hooks calico)', 'judge it beside the release that is installed'],
    ['hookwave lint --level error --output sarif deploy/* > lint.sarif', 'for code scanning'],
  ],
  status: [
    ['hookwave status', 'all upgrades of the cluster'],
    ['hookwave status calico', 'one of them'],
    ['hookwave status calico --output json | jq ".[].waitsFor"', 'what somebody has to do'],
  ],
  approve: [
    ['hookwave approve calico', 'let the cleanup go on and start the next sync'],
    ['hookwave approve calico --no-sync', 'approve only'],
    ['hookwave approve calico --retry', 'another try of a frozen rollout'],
  ],
  cmp: [
    ['hookwave cmp generate | kubectl diff -f -', 'what an Application of this folder would change'],
    ["ARGOCD_APP_PARAMETERS='[{\"name\":\"deadlines.rollout\",\"string\":\"2h\"}]' hookwave cmp generate", 'with a parameter, as Argo CD passes it'],
    ['hookwave cmp parameters | jq -r ".[].name"', 'what an Application may set'],
  ],
  migrate: [
    ['hookwave migrate dry-run --output-dir reports', 'whether it would go well; changes nothing'],
    ['hookwave migrate needed && hookwave migrate start --no-prompts', 'migrate what has to be migrated'],
    ['hookwave migrate needed --output json | jq .state.phase', 'how far it is'],
    ['hookwave migrate abort --force', 'back to v1, whoever is at work'],
  ],
  snippets: [
    ['hookwave snippets --node-image quay.io/calico/node:v3.1.7', 'all four'],
    ['hookwave snippets rbac --namespace calico-system | kubectl apply -f -', 'the rights of the completion Job'],
  ],
  schema: [['hookwave schema > hookwave.schema.json', 'for editors: see docs/how-to/editor.md']],
  completion: [
    ['source <(hookwave completion bash)', 'in ~/.bashrc; zsh alike in ~/.zshrc, after compinit'],
    ['hookwave completion fish > ~/.config/fish/completions/hookwave.fish', 'for fish'],
  ],
  help: [['hookwave help plan', 'what `plan` takes, with examples']],
  version: [['hookwave version', 'print the version']],
};

/** As help shows them; empty for a command without any. */
export function formatExamples(command: string): string {
  const examples = EXAMPLES[command] ?? [];
  return examples.length === 0 ? '' : `\nExamples:\n${examples.map(([line, meaning]) => `  # ${meaning}\n  ${line}\n`).join('')}`;
}
