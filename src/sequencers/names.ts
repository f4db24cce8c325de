/** Apart from the sequencers themselves, which a command line that only lists them does not have to load. */
export const SEQUENCER_NAMES = ['argo', 'helm'] as const;

export type SequencerName = (typeof SEQUENCER_NAMES)[number];
