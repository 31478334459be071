"""Quotes text from BUILD files for shell scripts."""

def shell_quote(text):
    """Returns the text as one word of a POSIX shell, whatever characters it contains."""
    return "'" + text.replace("'", "'\\''") + "'"
