package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"hookwave.test/standins/api"
)

const collection = "/apis/crd.projectcalico.org/v1/clusterinformations"

// writeClusterInformation creates or updates the object `default` with the verbs that upstream's ClusterRole gives:
// get, create, update. Other fields stay as they are.
func writeClusterInformation(version string) error {
	client, err := api.InCluster()
	if err != nil {
		return err
	}
	status, body, err := client.Do(http.MethodGet, collection+"/default", "", nil)
	if err != nil {
		return err
	}
	method, path := http.MethodPut, collection+"/default"
	object := map[string]any{
		"apiVersion": "crd.projectcalico.org/v1",
		"kind":       "ClusterInformation",
		"metadata":   map[string]any{"name": "default"},
	}
	switch status {
	case http.StatusOK:
		if err := json.Unmarshal(body, &object); err != nil {
			return err
		}
	case http.StatusNotFound:
		method, path = http.MethodPost, collection
	default:
		return fmt.Errorf("get: status %d: %s", status, body)
	}
	spec, isMap := object["spec"].(map[string]any)
	if !isMap {
		spec = map[string]any{"datastoreReady": true, "clusterType": os.Getenv("CLUSTER_TYPE")}
	}
	spec["calicoVersion"] = version
	object["spec"] = spec
	changed, err := json.Marshal(object)
	if err != nil {
		return err
	}
	status, body, err = client.Do(method, path, "application/json", changed)
	if err == nil && status >= 300 {
		err = fmt.Errorf("%s: status %d: %s", method, status, body)
	}
	return err
}
