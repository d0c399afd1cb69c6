"""A second reader for what the house writes: Python's email package, strict, a message on standard input, or one in each file named.

Prints one line a fact: headers as decoded text, then each part with its type, parameters, file name and content.
Fails on any defect that the package knows, on lines over 998 bytes, on bytes beyond ASCII and on bare line ends.
"""

import sys
from email import policy
from email.parser import BytesParser


def read(raw):
    for number, line in enumerate(raw.split(b"\r\n"), 1):
        assert len(line) <= 998, f"line {number} is too long"
        assert b"\r" not in line and b"\n" not in line, f"line {number}: a bare line end"
        assert max(line, default=0) < 0x80, f"line {number}: not ASCII"

    message = BytesParser(policy=policy.SMTP.clone(raise_on_defect=True)).parsebytes(raw)
    for name, value in message.items():
        assert not getattr(value, "defects", ()), f"{name}: {value.defects}"
        print(f"{name}: {value}")
    for part in message.walk():
        assert not part.defects, part.defects
        if part.is_multipart():
            print(f"[{part.get_content_type()}]")
            continue
        content = part.get_content()
        if isinstance(content, bytes):
            content = content.decode("utf-8", "replace")
        method = part.get_param("method")
        print(f"[{part.get_content_type()}]", *(x for x in (method, part.get_filename()) if x))
        print(content.replace("\r\n", "\n").rstrip("\n"))


if len(sys.argv) == 1:
    read(sys.stdin.buffer.read())
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        read(file.read())
