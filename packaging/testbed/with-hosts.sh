#!/bin/bash
# with-hosts.sh FILE COMMAND...: becomes COMMAND, which sees FILE where others see
# /etc/hosts. Nobody else's names change: the file is mounted in a namespace that
# COMMAND alone has.
set -euo pipefail
# The inner shell expands its own arguments.
# shellcheck disable=SC2016
exec unshare --mount --propagation private sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' "$@"
