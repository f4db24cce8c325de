// Reads a JSON list of cases, installs or upgrades each with Helm 4 and prints in which order Helm wrote.
package main

import (
	"log/slog"

	helm "hookwave.dev/parts/order-helm"
)

func main() {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	helm.Serve(open)
}
