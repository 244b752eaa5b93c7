"""Prints the path of the test executable of a library, from the messages of `cargo test --message-format json`.

    executable.py NAME
"""

import json
import sys

# All messages are read, so that cargo can write them.
messages = [json.loads(line) for line in sys.stdin]
built = [message for message in messages if message["reason"] == "compiler-artifact" and message["executable"]]
found = [
    message["executable"]
    for message in built
    if message["target"]["name"] == sys.argv[1] and "lib" in message["target"]["kind"]
]
if len(found) != 1:
    sys.exit(f"executable.py: {len(found)} test executables of the library {sys.argv[1]}")
print(found[0])
