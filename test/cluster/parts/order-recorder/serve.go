package recorder

import (
	"encoding/json"
	"os"
)

// Output says what an engine did with one case.
type Output struct {
	// Succeeded, Failed; with Argo CD's engine Stuck, with Helm Refused
	Outcome string  `json:"outcome"`
	Message string  `json:"message"`
	Batches []Batch `json:"batches"`
}

// Serve reads a JSON list of cases, runs each and prints the list of outputs.
func Serve[Input any](run func(Input) Output) {
	var inputs []Input
	if err := json.NewDecoder(os.Stdin).Decode(&inputs); err != nil {
		panic(err)
	}
	outputs := []Output{}
	for _, one := range inputs {
		outputs = append(outputs, run(one))
	}
	if err := json.NewEncoder(os.Stdout).Encode(outputs); err != nil {
		panic(err)
	}
}
