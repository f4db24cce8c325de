//go:build tools

// Package parts pins the kwok that the real tier builds.
package parts

import _ "sigs.k8s.io/kwok/cmd/kwok"
