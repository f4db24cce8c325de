/** Whose order `plan --order` predicts. */
export const TOOLS = ['argo', 'helm3', 'helm4'] as const;

export type Tool = (typeof TOOLS)[number];
