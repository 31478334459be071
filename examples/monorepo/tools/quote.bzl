"""Text from BUILD files on its way into shell scripts."""

def shell_quote(text):
    """The text as one word of a POSIX shell, whatever it holds."""
    return "'" + text.replace("'", "'\\''") + "'"
