module hookwave.dev/parts/order-recorder

go 1.25.5
