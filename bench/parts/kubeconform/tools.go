//go:build tools

// Package parts pins the program that `build` makes of it.
package parts

import _ "github.com/yannh/kubeconform/cmd/kubeconform"
