package main

import (
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/kube"
	"helm.sh/helm/v3/pkg/storage"
	"helm.sh/helm/v3/pkg/storage/driver"

	helm "hookwave.dev/parts/order-helm"
)

type engine struct {
	config    *action.Configuration
	client    *client
	namespace string
}

func open(reach *helm.Getter) helm.Engine {
	inner := kube.New(reach)
	inner.Namespace = reach.Namespace
	inner.Log = func(string, ...any) {}
	memory := driver.NewMemory()
	memory.SetNamespace(reach.Namespace)
	own := &client{Client: inner}
	config := &action.Configuration{Log: inner.Log}
	config.RESTClientGetter, config.KubeClient, config.Releases, config.Capabilities = reach, own, storage.Init(memory), chartutil.DefaultCapabilities
	return &engine{config: config, client: own, namespace: reach.Namespace}
}

func (e *engine) Fail(names []string) { e.client.failing = names }

func (e *engine) Install(template []byte) error {
	install := action.NewInstall(e.config)
	install.ReleaseName, install.Namespace, install.DisableOpenAPIValidation = helm.Release, e.namespace, true
	_, err := install.Run(chartOf(template), nil)
	return err
}

func (e *engine) Upgrade(template []byte) error {
	upgrade := action.NewUpgrade(e.config)
	upgrade.Namespace, upgrade.DisableOpenAPIValidation = e.namespace, true
	_, err := upgrade.Run(helm.Release, chartOf(template), nil)
	return err
}

func chartOf(template []byte) *chart.Chart {
	templates := []*chart.File{{Name: "templates/all.yaml", Data: template}}
	return &chart.Chart{Metadata: &chart.Metadata{APIVersion: "v2", Name: "set", Version: "0.1.0"}, Templates: templates}
}
