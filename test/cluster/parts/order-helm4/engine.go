package main

import (
	"log/slog"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/common"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/kube"
	"helm.sh/helm/v4/pkg/storage"
	"helm.sh/helm/v4/pkg/storage/driver"

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
	inner.SetLogger(slog.DiscardHandler)
	memory := driver.NewMemory()
	memory.SetNamespace(reach.Namespace)
	own := &client{Client: inner}
	config := action.NewConfiguration(action.ConfigurationSetLogger(slog.DiscardHandler))
	config.RESTClientGetter, config.KubeClient, config.Releases, config.Capabilities = reach, own, storage.Init(memory), common.DefaultCapabilities
	return &engine{config: config, client: own, namespace: reach.Namespace}
}

func (e *engine) Fail(names []string) { e.client.failing = names }

func (e *engine) Install(template []byte) error {
	install := action.NewInstall(e.config)
	install.ReleaseName, install.Namespace, install.WaitStrategy, install.DisableOpenAPIValidation = helm.Release, e.namespace, kube.HookOnlyStrategy, true
	_, err := install.Run(chartOf(template), nil)
	return err
}

func (e *engine) Upgrade(template []byte) error {
	upgrade := action.NewUpgrade(e.config)
	upgrade.Namespace, upgrade.WaitStrategy, upgrade.DisableOpenAPIValidation = e.namespace, kube.HookOnlyStrategy, true
	_, err := upgrade.Run(helm.Release, chartOf(template), nil)
	return err
}

func chartOf(template []byte) *chart.Chart {
	templates := []*common.File{{Name: "templates/all.yaml", Data: template}}
	return &chart.Chart{Metadata: &chart.Metadata{APIVersion: "v2", Name: "set", Version: "0.1.0"}, Templates: templates}
}
