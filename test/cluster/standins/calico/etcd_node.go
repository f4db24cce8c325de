package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

const (
	clusterInformationKey = "/calico/resources/v3/projectcalico.org/clusterinformations/default"
	readyKey              = "/calico/v1/Ready"
)

// runEtcdNode plays calico-node on an etcd datastore: it serves /readiness on port 9099. Version 2 is ready while v1 says so; version 3 writes its version
// into ClusterInformation when it starts, and is ready while datastoreReady is true. It ends in failure where there is no ClusterInformation: then it
// has started before the migration.
func runEtcdNode() {
	logf("INFO calico-node %s starts on node %s", version(), os.Getenv("NODENAME"))
	client, err := newEtcdClient()
	if err != nil {
		fatalf("FATAL %v", err)
	}
	isOld := strings.HasPrefix(version(), "v2.")
	if !isOld {
		untilDone(func() (bool, error) { return writeVersion(client) })
	}
	var ready atomic.Bool
	go watchReady(client, isOld, &ready)
	http.HandleFunc("/readiness", func(answer http.ResponseWriter, _ *http.Request) {
		if !ready.Load() {
			http.Error(answer, "the datastore is not ready", http.StatusServiceUnavailable)
		}
	})
	go func() { fatalf("FATAL %v", http.ListenAndServe(":9099", nil)) }()
	waitForSignal()
}

func writeVersion(client *etcdClient) (bool, error) {
	stored, revision, err := client.v3(clusterInformationKey)
	if err != nil {
		return false, err
	}
	if stored == nil {
		fatalf("FATAL calico-node %s has started before the migration: there is no ClusterInformation", version())
	}
	var object map[string]any
	if err := json.Unmarshal(stored, &object); err != nil {
		return false, err
	}
	object["spec"].(map[string]any)["calicoVersion"] = version()
	changed, err := json.Marshal(object)
	if err != nil {
		return false, err
	}
	return client.swap(clusterInformationKey, revision, changed)
}

func watchReady(client *etcdClient, isOld bool, ready *atomic.Bool) {
	for {
		now, err := datastoreReady(client, isOld)
		if err != nil {
			logf("WARNING %v", err)
		} else if ready.Swap(now) != now {
			logf("INFO the datastore is ready: %v", now)
		}
		time.Sleep(300 * time.Millisecond)
	}
}

func datastoreReady(client *etcdClient, isOld bool) (bool, error) {
	if isOld {
		value, err := client.v2(readyKey)
		return value == "true", err
	}
	stored, _, err := client.v3(clusterInformationKey)
	if err != nil || stored == nil {
		return false, err
	}
	var object struct{ Spec struct{ DatastoreReady bool } }
	err = json.Unmarshal(stored, &object)
	return object.Spec.DatastoreReady, err
}

func untilDone(work func() (bool, error)) {
	for {
		done, err := work()
		if done {
			return
		}
		if err != nil {
			logf("WARNING %v", err)
		}
		time.Sleep(300 * time.Millisecond)
	}
}
