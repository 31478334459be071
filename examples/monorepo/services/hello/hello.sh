greeting "${1:-world}" "${2:-}"
