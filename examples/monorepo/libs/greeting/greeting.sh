# greeting NAME [LANGUAGE]: greets NAME in the language, or, without a language, in the tone that the build chose.
greeting() {
  local name=$1 language=${2:-}
  if [[ -z $language ]]; then
    echo "$(phrase casual || phrase formal) $name"
  else
    echo "$(phrase "$language" || phrase english), $name!"
  fi
}
