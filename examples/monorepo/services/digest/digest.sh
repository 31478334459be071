pages | wrap "${1:-32}"
