# frame: puts the standard input into a box that is 24 characters wide.
frame() {
  local line
  echo '+----------------------+'
  while IFS= read -r line; do
    printf '| %-20s |\n' "$line"
  done < <(wrap 20)
  echo '+----------------------+'
}
