// Reads a JSON list of cases, installs or upgrades each with Helm and prints in which order Helm wrote.
package main

import (
	"encoding/json"
	"log/slog"
	"os"

	recorder "hookwave.dev/parts/order-recorder"
)

type input struct {
	// The release that is installed before; absent: the objects are an install.
	Previous []recorder.Object `json:"previous"`
	Objects  []recorder.Object `json:"objects"`
	// Names of hooks that fail.
	Failing   []string `json:"failing"`
	Namespace string   `json:"namespace"`
}

type output struct {
	// Succeeded, Failed, or Refused
	Outcome string           `json:"outcome"`
	Message string           `json:"message"`
	Batches []recorder.Batch `json:"batches"`
}

func main() {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	var inputs []input
	if err := json.NewDecoder(os.Stdin).Decode(&inputs); err != nil {
		panic(err)
	}
	outputs := []output{}
	for _, one := range inputs {
		outputs = append(outputs, run(one))
	}
	if err := json.NewEncoder(os.Stdout).Encode(outputs); err != nil {
		panic(err)
	}
}
