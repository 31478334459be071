greeting "${1:-world}" english | frame
