// Package helm installs or upgrades cases with one of the Helms and tells in which order it wrote. What the Helms have in common is here.
package helm

import (
	"encoding/json"
	"strings"

	recorder "hookwave.dev/parts/order-recorder"
)

// Release is the name of every case's release.
const Release = "release"

// Engine is one major version of Helm. A template is one file of a chart, with all objects in the order given.
type Engine interface {
	Install(template []byte) error
	Upgrade(template []byte) error
	// Fail lets hooks of these names fail from now on.
	Fail(names []string)
}

type input struct {
	// The release that is installed before; absent: the objects are an install.
	Previous []recorder.Object `json:"previous"`
	Objects  []recorder.Object `json:"objects"`
	// Names of hooks that fail.
	Failing   []string `json:"failing"`
	Namespace string   `json:"namespace"`
}

// Serve reads cases and prints outputs; each case has a cluster and an engine of its own.
func Serve(open func(reach *Getter) Engine) {
	recorder.Serve(func(in input) recorder.Output {
		server := recorder.NewServer(nil)
		return run(open(newGetter(server, in.Namespace)), server, in)
	})
}

func run(engine Engine, server *recorder.Server, in input) recorder.Output {
	change, before := engine.Install, 0
	if in.Previous != nil {
		if err := engine.Install(template(marked(in.Previous))); err != nil {
			return recorder.Output{Outcome: "Refused", Message: "previous release: " + err.Error(), Batches: []recorder.Batch{}}
		}
		change, before = engine.Upgrade, len(server.Batches())
	}
	engine.Fail(in.Failing)
	err := change(template(in.Objects))
	return outcome(err, server.Batches()[before:])
}

// Another version of the same objects, so that the upgrade has something to change in each.
func marked(objects []recorder.Object) []recorder.Object {
	for _, object := range objects {
		object["metadata"].(map[string]any)["labels"] = map[string]any{"version": "previous"}
	}
	return objects
}

func template(objects []recorder.Object) []byte {
	documents := []string{}
	for _, object := range objects {
		text, err := json.Marshal(object)
		if err != nil {
			panic(err)
		}
		documents = append(documents, string(text))
	}
	return []byte(strings.Join(documents, "\n---\n"))
}

func outcome(err error, batches []recorder.Batch) recorder.Output {
	switch {
	case err == nil:
		return recorder.Output{Outcome: "Succeeded", Batches: batches}
	case len(batches) == 0 && strings.Contains(strings.ToLower(err.Error()), "unable to continue with"):
		return recorder.Output{Outcome: "Refused", Message: err.Error(), Batches: batches}
	}
	return recorder.Output{Outcome: "Failed", Message: err.Error(), Batches: batches}
}
