package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/argoproj/gitops-engine/pkg/sync"
	"github.com/argoproj/gitops-engine/pkg/sync/common"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	recorder "hookwave.dev/parts/order-recorder"
)

// As the application controller does: a new sync context on the present live state for each step, until the operation ends.
func run(in input) recorder.Output {
	cluster := newCluster(in)
	phase, message := common.OperationRunning, ""
	var results []common.ResourceSyncResult
	for step := 0; step < 1000; step++ {
		before := fmt.Sprint(results)
		phase, message, results = cluster.step(phase, message, results)
		moved := cluster.label(outsideWaves(phase)) || cluster.moved || fmt.Sprint(results) != before
		if phase.Completed() {
			break
		}
		if !moved && !cluster.settle() {
			return recorder.Output{Outcome: "Stuck", Message: message, Batches: cluster.server.Batches()}
		}
	}
	return recorder.Output{Outcome: string(phase), Message: message, Batches: cluster.server.Batches()}
}

// Whatever no wave claims comes after the last one, or after a failure.
func outsideWaves(phase common.OperationPhase) string {
	if phase == common.OperationSucceeded {
		return "success"
	}
	return "failure"
}

func (c *cluster) step(phase common.OperationPhase, message string, results []common.ResourceSyncResult) (common.OperationPhase, string, []common.ResourceSyncResult) {
	c.moved, c.isFirst = false, len(results) == 0 && c.server.Get(c.namespace) == nil
	result := sync.Reconcile(unstructuredAll(c.in.Objects), c.live(), c.in.Namespace, c)
	config := &rest.Config{Host: "http://cluster", Transport: c.server, QPS: -1}
	started := metav1.NewTime(time.Unix(c.in.StartedAt, 0))
	options := []sync.SyncOpt{
		sync.WithLogr(logr.Discard()),
		sync.WithHealthOverride(c),
		sync.WithOperationSettings(false, c.in.Prune, false, false),
		sync.WithInitialState(phase, message, results, started),
		sync.WithPruneLast(c.in.PruneLast),
		sync.WithSyncWaveHook(func(phase common.SyncPhase, wave int, _ bool) error {
			c.moved = c.label(fmt.Sprintf("%s %d", phase, wave)) || c.moved
			return nil
		}),
	}
	if c.in.CreateNamespace {
		options = append(options, sync.WithNamespaceModifier(func(_, live *unstructured.Unstructured) (bool, error) { return live == nil, nil }))
	}
	syncing, cleanup, err := sync.NewSyncContext(c.in.Revision, result, config, config, c, c.in.Namespace, nil, options...)
	if err != nil {
		panic(err)
	}
	defer cleanup()
	syncing.Sync()
	return syncing.GetState()
}

func (c *cluster) live() map[kube.ResourceKey]*unstructured.Unstructured {
	live := map[kube.ResourceKey]*unstructured.Unstructured{}
	for _, object := range unstructuredAll(c.server.List()) {
		if recorder.ID(object.Object) == c.untracked {
			continue
		}
		live[kube.GetResourceKey(object)] = object
	}
	return live
}

// Deep copies: the engine changes what it gets.
func unstructuredAll(objects []recorder.Object) []*unstructured.Unstructured {
	text, err := json.Marshal(objects)
	if err != nil {
		panic(err)
	}
	var copies []map[string]any
	if err := json.Unmarshal(text, &copies); err != nil {
		panic(err)
	}
	all := []*unstructured.Unstructured{}
	for _, object := range copies {
		all = append(all, &unstructured.Unstructured{Object: object})
	}
	return all
}
