package main

import (
	"context"
	"slices"
	"sync"

	"github.com/argoproj/gitops-engine/pkg/health"
	"github.com/argoproj/gitops-engine/pkg/sync/hook"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/gitops-engine/pkg/utils/kube/kubetest"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	cmdutil "k8s.io/kubectl/pkg/cmd/util"
	"k8s.io/kubectl/pkg/util/openapi"

	recorder "hookwave.dev/parts/order-recorder"
)

// The cluster as the engine sees it: what it applies is progressing until the engine is seen to wait for it.
type cluster struct {
	kubetest.MockKubectlCmd
	in     input
	server *recorder.Server
	// Applied and not settled; the value says whether it is a hook.
	progressing map[string]bool
	lock        sync.Mutex
	// Whether the engine wrote anything in this step.
	moved bool
	// In the first step the engine creates the application's namespace before anything else.
	isFirst   bool
	namespace string
	// A namespace that only CreateNamespace asks for does not belong to the application.
	wantsNamespace bool
	untracked      string
}

func newCluster(in input) *cluster {
	// As the controller does with the desired state before the engine gets it (controller/state.go, DeduplicateTargetObjects).
	for _, object := range slices.Concat(in.Objects, in.Live) {
		recorder.Place(object, in.Namespace)
	}
	namespace := recorder.ID(identity(schema.GroupVersionKind{Version: "v1", Kind: "Namespace"}, in.Namespace, ""))
	c := &cluster{in: in, server: recorder.NewServer(in.Live), progressing: map[string]bool{}, namespace: namespace}
	for _, object := range in.Objects {
		c.wantsNamespace = c.wantsNamespace || recorder.ID(object) == namespace
	}
	return c
}

func (c *cluster) label(at string) bool {
	early := 0
	if c.isFirst {
		early = c.server.LabelApply(c.namespace, "namespace")
	}
	return c.server.Label(at)+early > 0
}

// The engine waits: hooks settle first, then the others, so that both waits are seen.
func (c *cluster) settle() bool {
	for _, settleHooks := range []bool{true, false} {
		settled := false
		for id, isHook := range c.progressing {
			if isHook == settleHooks {
				delete(c.progressing, id)
				settled = true
			}
		}
		if settled {
			c.server.Wait(map[bool]string{true: "hooks", false: "health"}[settleHooks])
			return true
		}
	}
	return false
}

// GetResourceHealth is the health override.
func (c *cluster) GetResourceHealth(object *unstructured.Unstructured) (*health.HealthStatus, error) {
	if _, found := c.progressing[recorder.ID(object.Object)]; found {
		return &health.HealthStatus{Status: health.HealthStatusProgressing}, nil
	}
	if slices.Contains(c.in.Failing, object.GetName()) {
		return &health.HealthStatus{Status: health.HealthStatusDegraded, Message: "failed"}, nil
	}
	return &health.HealthStatus{Status: health.HealthStatusHealthy}, nil
}

func (c *cluster) IsNamespaced(kind schema.GroupKind) (bool, error) {
	namespaced, known := recorder.IsNamespaced(kind.Group, kind.Kind)
	if !known {
		return false, apierrors.NewNotFound(schema.GroupResource{}, kind.String())
	}
	return namespaced, nil
}

func (c *cluster) GetResource(_ context.Context, _ *rest.Config, gvk schema.GroupVersionKind, name, namespace string) (*unstructured.Unstructured, error) {
	if live := c.server.Get(recorder.ID(identity(gvk, name, namespace))); live != nil {
		return unstructuredAll([]recorder.Object{live})[0], nil
	}
	return nil, apierrors.NewNotFound(schema.GroupResource{}, name)
}

// DeleteResource is how the engine prunes.
func (c *cluster) DeleteResource(_ context.Context, _ *rest.Config, gvk schema.GroupVersionKind, name, namespace string, _ metav1.DeleteOptions) error {
	c.server.Delete(recorder.ID(identity(gvk, name, namespace)))
	return nil
}

func identity(gvk schema.GroupVersionKind, name, namespace string) recorder.Object {
	return recorder.Object{"apiVersion": gvk.GroupVersion().String(), "kind": gvk.Kind, "metadata": map[string]any{"name": name, "namespace": namespace}}
}

func (c *cluster) ManageResources(_ *rest.Config, _ openapi.Resources) (kube.ResourceOperations, func(), error) {
	return &operations{cluster: c}, func() {}, nil
}

type operations struct {
	kubetest.MockResourceOps
	*cluster
}

func (o *operations) ApplyResource(_ context.Context, object *unstructured.Unstructured, dryRun cmdutil.DryRunStrategy, _, _, _ bool, _ string) (string, error) {
	if dryRun != cmdutil.DryRunNone {
		return "", nil
	}
	stored := object.DeepCopy()
	recorder.Place(stored.Object, o.in.Namespace)
	id := recorder.ID(stored.Object)
	o.server.Put(stored.Object)
	o.lock.Lock()
	o.progressing[id] = hook.IsHook(stored)
	if id == o.namespace && !o.wantsNamespace {
		o.untracked = id
	}
	o.lock.Unlock()
	o.server.Write("apply", id)
	return "applied", nil
}
