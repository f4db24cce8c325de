// Command calico stands in for the programs of Calico's images. It behaves as upstream's where an upgrade looks, and does
// no networking at all. Which program it plays follows from the name it is called by and from its flags.
//
//	STANDIN_NEVER_READY=true   readiness checks fail for good
//	STANDIN_CRASH=true         the main program ends with exit code 1 and a FATAL line
//	ETCD_ENDPOINTS=...         calico-node on an etcd datastore: see etcd_node.go
package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const readyFile = "/tmp/ready"

func main() {
	flags := os.Args[1:]
	switch program := filepath.Base(os.Args[0]); program {
	case "calico-ipam", "install":
		logf("INFO %s %s: nothing to do for a stand-in", program, strings.Join(flags, " "))
	case "calico-node":
		os.Exit(calicoNode(flags))
	case "start_runit":
		if os.Getenv("ETCD_ENDPOINTS") != "" {
			runEtcdNode()
			return
		}
		runNode()
	case "install-cni.sh":
		waitForSignal()
	case "kube-controllers":
		serve()
	case "check-status":
		os.Exit(check(slices.Contains(flags, "-r")))
	case "calico-typha":
		serveTypha()
	case "calicoctl":
		logf("INFO calicoctl %s", version())
		waitForSignal()
	default:
		fatalf("FATAL this stand-in can't play %q", program)
	}
}

func calicoNode(flags []string) int {
	has := func(flag string) bool { return slices.Contains(flags, flag) }
	switch {
	case has("-init"):
		logf("INFO calico-node %v: nothing to do for a stand-in", flags)
		return 0
	case has("-shutdown"):
		_ = os.Remove(readyFile)
		return 0
	case has("-felix-ready"), has("-bird-ready"):
		return check(true)
	case has("-felix-live"), has("-bird-live"):
		return check(false)
	}
	runNode()
	return 0
}

// check is a probe: the answer of upstream's probes is the exit code.
func check(readiness bool) int {
	if !readiness {
		return 0
	}
	if os.Getenv("STANDIN_NEVER_READY") == "true" {
		fmt.Fprintln(os.Stderr, "calico/node is not ready: felix is not ready: readiness probe reporting 503 (STANDIN_NEVER_READY)")
		return 1
	}
	if _, err := os.Stat(readyFile); err != nil {
		fmt.Fprintln(os.Stderr, "calico/node is not ready: still starting")
		return 1
	}
	return 0
}

// runNode does what a starting calico-node does before it is ready: it writes its version into ClusterInformation.
func runNode() {
	crashIfAsked()
	logf("INFO calico-node %s starts on node %s", version(), os.Getenv("NODENAME"))
	for {
		err := writeClusterInformation(version())
		if err == nil {
			break
		}
		logf("WARNING ClusterInformation: %v", err)
		select {
		case <-signals():
			return
		case <-time.After(time.Second):
		}
	}
	serve()
}

func serve() {
	crashIfAsked()
	if err := os.WriteFile(readyFile, nil, 0o644); err != nil {
		fatalf("FATAL %v", err)
	}
	logf("INFO %s %s is ready", filepath.Base(os.Args[0]), version())
	waitForSignal()
}

func crashIfAsked() {
	if os.Getenv("STANDIN_CRASH") == "true" {
		fatalf("FATAL %s %s: STANDIN_CRASH is set", filepath.Base(os.Args[0]), version())
	}
}

func version() string {
	text, err := os.ReadFile("/VERSION")
	if err != nil {
		fatalf("FATAL %v", err)
	}
	return strings.TrimSpace(string(text))
}

func signals() <-chan os.Signal {
	channel := make(chan os.Signal, 1)
	signal.Notify(channel, syscall.SIGTERM, syscall.SIGINT)
	return channel
}

func waitForSignal() { <-signals() }

func logf(format string, values ...any) {
	fmt.Printf(time.Now().UTC().Format("2006-01-02 15:04:05.000")+" "+format+"\n", values...)
}

func fatalf(format string, values ...any) {
	logf(format, values...)
	os.Exit(1)
}
