module hookwave.dev/parts/order-helm

go 1.26.0

require (
	hookwave.dev/parts/order-recorder v0.0.0
	k8s.io/apimachinery v0.36.1
	k8s.io/client-go v0.36.1
)

replace hookwave.dev/parts/order-recorder => ../order-recorder
