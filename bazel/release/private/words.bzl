"""Text for shell scripts, and words as a shell reads them."""

def shell_quote(text):
    """Returns the text as one word of a POSIX shell, whatever characters it contains."""
    return "'" + text.replace("'", "'\\''") + "'"

def shell_array(words):
    """Returns the words between the parentheses of an array in a shell script."""
    return " ".join([shell_quote(word) for word in words])

def split_words(text):
    """Splits a text into words as a shell does, and as Bazel does with each of the `args` of a target.

    Args:
      text: may have quotes and backslashes.

    Returns:
      The words, without their quotes. Fails if a quote is not closed, or the text ends with a backslash.
    """
    words = []
    word = ""
    is_word = False
    quote = ""
    escaped = False
    for char in text.elems():
        if escaped:
            # Between double quotes, Bazel lets a backslash escape only these two.
            if quote == "\"" and char not in ["\"", "\\"]:
                word += "\\"
            word += char
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
            is_word = True
        elif quote:
            if char == quote:
                quote = ""
            else:
                word += char
        elif char in ["'", "\""]:
            quote = char
            is_word = True
        elif char in [" ", "\t"]:
            if is_word:
                words.append(word)
            word = ""
            is_word = False
        else:
            word += char
            is_word = True
    if quote:
        fail("unterminated quotation: " + text)
    if escaped:
        fail("backslash at end of string: " + text)
    if is_word:
        words.append(word)
    return words
