package helm

import (
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	recorder "hookwave.dev/parts/order-recorder"
)

// Getter reaches the recording server without a network; it is Helm's RESTClientGetter.
type Getter struct {
	// Namespace of the release.
	Namespace string
	config    *rest.Config
	discovery discovery.CachedDiscoveryInterface
}

func newGetter(server *recorder.Server, namespace string) *Getter {
	config := &rest.Config{Host: "http://cluster", Transport: server, QPS: -1}
	return &Getter{Namespace: namespace, config: config, discovery: memory.NewMemCacheClient(discovery.NewDiscoveryClientForConfigOrDie(config))}
}

func (g *Getter) ToRESTConfig() (*rest.Config, error) { return rest.CopyConfig(g.config), nil }
func (g *Getter) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	return g.discovery, nil
}
func (g *Getter) ToRESTMapper() (meta.RESTMapper, error) {
	return restmapper.NewDeferredDiscoveryRESTMapper(g.discovery), nil
}
func (g *Getter) ToRawKubeConfigLoader() clientcmd.ClientConfig {
	overrides := &clientcmd.ConfigOverrides{Context: clientcmdapi.Context{Namespace: g.Namespace}}
	return clientcmd.NewDefaultClientConfig(clientcmdapi.Config{}, overrides)
}
