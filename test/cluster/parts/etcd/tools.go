//go:build tools

// Package parts pins the etcd server that the real tier builds.
package parts

import _ "go.etcd.io/etcd/server/v3"
