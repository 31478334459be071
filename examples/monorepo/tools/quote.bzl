"""Quotes text from BUILD files for shell scripts."""

def shell_quote(text):
    """Returns the text as one word of a POSIX shell, whatever characters it contains."""
    return "'" + text.replace("'", "'\\''") + "'"

def shell_array(words):
    """Returns the words between the parentheses of an array in a Bash script."""
    return " ".join([shell_quote(word) for word in words])
