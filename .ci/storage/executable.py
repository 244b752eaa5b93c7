"""Prints the path of the test executable of a library, from the messages of `cargo test --message-format json`.

    executable.py NAME
"""

import json
import sys

for line in sys.stdin:
    message = json.loads(line)
    if message["reason"] == "compiler-artifact" and message["executable"] and message["target"]["name"] == sys.argv[1]:
        if "lib" in message["target"]["kind"]:
            print(message["executable"])
            sys.exit()
sys.exit(f"executable.py: the library {sys.argv[1]} was not built")
