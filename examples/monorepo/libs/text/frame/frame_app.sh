frame <<<"$1"
