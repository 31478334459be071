#!/bin/bash
set -euo pipefail
banner=$1
for ((round = 0; round < 200; round++)); do
  "$banner" "visitor $round" >/dev/null
done
