package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"helm.sh/helm/v3/pkg/kube"
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
