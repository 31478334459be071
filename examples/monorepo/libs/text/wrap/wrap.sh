# wrap WIDTH: breaks the lines of the standard input between words.
wrap() {
  fold --spaces --width="$1" | sed 's/ *$//'
}
