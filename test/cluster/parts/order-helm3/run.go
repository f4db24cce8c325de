package main

import (
	"encoding/json"
	"strings"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/kube"
	"helm.sh/helm/v3/pkg/storage"
	"helm.sh/helm/v3/pkg/storage/driver"

	recorder "hookwave.dev/parts/order-recorder"
)

const release = "release"

func run(in input) output {
	server := recorder.NewServer(nil)
	reach := newGetter(server, in.Namespace)
	inner := kube.New(reach)
	inner.Namespace = in.Namespace
	inner.Log = func(string, ...any) {}
	memory := driver.NewMemory()
	memory.SetNamespace(in.Namespace)
	config := &action.Configuration{Log: inner.Log}
	config.RESTClientGetter, config.KubeClient, config.Releases, config.Capabilities = reach, &client{Client: inner}, storage.Init(memory), chartutil.DefaultCapabilities
	err := error(nil)
	before := 0
	if in.Previous != nil {
		if err := install(config, in, marked(in.Previous)); err != nil {
			return output{Outcome: "Refused", Message: "previous release: " + err.Error(), Batches: []recorder.Batch{}}
		}
		before = len(server.Batches())
		config.KubeClient = &client{Client: inner, failing: in.Failing}
		err = upgrade(config, in)
	} else {
		config.KubeClient = &client{Client: inner, failing: in.Failing}
		err = install(config, in, in.Objects)
	}
	return outcome(err, server.Batches()[before:])
}

func install(config *action.Configuration, in input, objects []recorder.Object) error {
	install := action.NewInstall(config)
	install.ReleaseName, install.Namespace, install.DisableOpenAPIValidation = release, in.Namespace, true
	_, err := install.Run(chartOf(objects), nil)
	return err
}

func upgrade(config *action.Configuration, in input) error {
	upgrade := action.NewUpgrade(config)
	upgrade.Namespace, upgrade.DisableOpenAPIValidation = in.Namespace, true
	_, err := upgrade.Run(release, chartOf(in.Objects), nil)
	return err
}

// Another version of the same objects, so that the upgrade has something to change in each.
func marked(objects []recorder.Object) []recorder.Object {
	for _, object := range objects {
		object["metadata"].(map[string]any)["labels"] = map[string]any{"version": "previous"}
	}
	return objects
}

// All objects in one file, in the order given.
func chartOf(objects []recorder.Object) *chart.Chart {
	documents := []string{}
	for _, object := range objects {
		text, err := json.Marshal(object)
		if err != nil {
			panic(err)
		}
		documents = append(documents, string(text))
	}
	templates := []*chart.File{{Name: "templates/all.yaml", Data: []byte(strings.Join(documents, "\n---\n"))}}
	return &chart.Chart{Metadata: &chart.Metadata{APIVersion: "v2", Name: "set", Version: "0.1.0"}, Templates: templates}
}

func outcome(err error, batches []recorder.Batch) output {
	switch {
	case err == nil:
		return output{Outcome: "Succeeded", Batches: batches}
	case len(batches) == 0 && strings.Contains(strings.ToLower(err.Error()), "unable to continue with"):
		return output{Outcome: "Refused", Message: err.Error(), Batches: batches}
	}
	return output{Outcome: "Failed", Message: err.Error(), Batches: batches}
}
