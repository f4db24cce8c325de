//go:build tools

// Package parts pins the program that `build` makes of it.
package parts

import _ "helm.sh/helm/v4/cmd/helm"
