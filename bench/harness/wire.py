"""How many bytes of TCP a message of the streaming contract takes, so that a receiver that only counts bytes can tell messages."""

_FIXED = len("request|seq_n=") + len("|msg_id=") + len("|t1=") + 20 + len("|data=")
_TOPIC_FRAME = 2 + len("request")
_SHORT_BODY = 255


def message_bytes(digits, size):
    """Of one message whose number has so many digits, with ZMTP's framing; ``msg_id`` is the number, as in a standalone producer."""
    body = _FIXED + 2 * digits + size
    return _TOPIC_FRAME + body + (2 if body <= _SHORT_BODY else 9)


def messages_in(count_bytes, size):
    """How many messages, of those from number 0 on, so many bytes hold; the last one in part."""
    messages, first, digits = 0, 0, 1
    while True:
        past = 10**digits
        each = message_bytes(digits, size)
        if count_bytes <= (past - first) * each:
            return messages + count_bytes / each
        count_bytes -= (past - first) * each
        messages += past - first
        first, digits = past, digits + 1
