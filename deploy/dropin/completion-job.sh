#!/bin/sh
# Named by manifests; what it does is in /bin/sh.
