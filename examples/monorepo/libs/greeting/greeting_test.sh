#!/bin/bash
set -euo pipefail
source libs/greeting/phrases.sh
source libs/greeting/greeting.sh

expect() {
  local expected=$1 actual=$2
  [[ $actual == "$expected" ]] || { echo "expected '$expected', got '$actual'" >&2; exit 1; }
}

expect 'Hallo, Ada!' "$(greeting Ada german)"
expect 'Hello, Ada!' "$(greeting Ada klingon)"
[[ $(greeting Ada) == *' Ada' ]]
