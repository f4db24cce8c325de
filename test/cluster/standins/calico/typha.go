package main

import (
	"net/http"
	"os"
)

// serveTypha answers the probes of upstream's manifests: HTTP on localhost:9098.
func serveTypha() {
	crashIfAsked()
	http.HandleFunc("/liveness", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/readiness", func(answer http.ResponseWriter, _ *http.Request) {
		if os.Getenv("STANDIN_NEVER_READY") == "true" {
			http.Error(answer, "STANDIN_NEVER_READY", http.StatusServiceUnavailable)
		}
	})
	go func() { fatalf("FATAL %v", http.ListenAndServe("localhost:9098", nil)) }()
	logf("INFO calico-typha %s is ready", version())
	waitForSignal()
}
