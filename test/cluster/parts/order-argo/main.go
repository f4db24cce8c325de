// Reads a JSON list of cases, syncs each with Argo CD's sync engine and prints in which order the engine wrote.
package main

import recorder "hookwave.dev/parts/order-recorder"

type input struct {
	// The desired state.
	Objects []recorder.Object `json:"objects"`
	// The live state before the sync.
	Live []recorder.Object `json:"live"`
	// Names of objects that get degraded.
	Failing         []string `json:"failing"`
	Namespace       string   `json:"namespace"`
	Revision        string   `json:"revision"`
	StartedAt       int64    `json:"startedAt"`
	Prune           bool     `json:"prune"`
	PruneLast       bool     `json:"pruneLast"`
	CreateNamespace bool     `json:"createNamespace"`
}

func main() { recorder.Serve(run) }
