module hookwave.test/standins

go 1.22
