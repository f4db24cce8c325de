package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"helm.sh/helm/v3/pkg/kube"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	recorder "hookwave.dev/parts/order-recorder"
)

// Helm's own client; only waits are answered here, and the server is not asked whether a hook's fields are valid.
type client struct {
	*kube.Client
	failing []string
}

func (c *client) IsReachable() error { return nil }

func (c *client) Build(reader io.Reader, _ bool) (kube.ResourceList, error) {
	return c.Client.Build(reader, false)
}

func (c *client) WaitForDelete(kube.ResourceList, time.Duration) error { return nil }

func (c *client) WatchUntilReady(resources kube.ResourceList, _ time.Duration) error {
	for _, info := range resources {
		if slices.Contains(c.failing, info.Name) {
			return fmt.Errorf("%s failed", info.Name)
		}
	}
	return nil
}

// Reaches the recording server without a network.
type getter struct {
	config    *rest.Config
	discovery discovery.CachedDiscoveryInterface
	namespace string
}

func newGetter(server *recorder.Server, namespace string) *getter {
	config := &rest.Config{Host: "http://cluster", Transport: server, QPS: -1}
	return &getter{config: config, discovery: memory.NewMemCacheClient(discovery.NewDiscoveryClientForConfigOrDie(config)), namespace: namespace}
}

func (g *getter) ToRESTConfig() (*rest.Config, error) { return rest.CopyConfig(g.config), nil }
func (g *getter) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	return g.discovery, nil
}
func (g *getter) ToRESTMapper() (meta.RESTMapper, error) {
	return restmapper.NewDeferredDiscoveryRESTMapper(g.discovery), nil
}
func (g *getter) ToRawKubeConfigLoader() clientcmd.ClientConfig {
	overrides := &clientcmd.ConfigOverrides{Context: clientcmdapi.Context{Namespace: g.namespace}}
	return clientcmd.NewDefaultClientConfig(clientcmdapi.Config{}, overrides)
}
