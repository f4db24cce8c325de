// Reads a JSON list of cases, installs or upgrades each with Helm 3 and prints in which order Helm wrote.
package main

import (
	"io"
	"log"

	helm "hookwave.dev/parts/order-helm"
)

func main() {
	log.SetOutput(io.Discard)
	helm.Serve(open)
}
