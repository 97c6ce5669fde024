"""Texts, and whether the word gup is found in them; then the time."""

import subprocess
import sys

driver = sys.argv[1]
cases = [
    # found
    (b"gup", True),
    (b"x=gup(p);", True),
    (b"/**/gup", True),
    (b"/* a **/ gup", True),
    (b"// c\ngup", True),
    (b"// c\r\ngup", True),
    (b"\"s\"gup", True),
    (b"\"s\\\\\" gup", True),
    (b"'\\'' gup", True),
    (b"'\"' gup", True),
    (b"\"/*\" gup", True),
    (b"\"//\" gup", True),
    (b"#error can't\ngup", True),
    (b"#error \"open\ngup", True),
    (b"a / b / gup", True),
    (b"a /gup", True),
    (b"1.5f+gup", True),
    (b"#if 0\ngup\n#endif", True),
    (b"->gup.", True),
    (b"\0gup", True),
    (b"\xff gup", True),
    # not found
    (b"", False),
    (b"gups agup gup_ _gup gup1 GUP gu p", False),
    (b"1gup 0xgup", False),
    (b"/* gup */", False),
    (b"/* gup", False),
    (b"/*/ gup */", False),
    (b"// gup", False),
    (b"// a \\\n gup", False),
    (b"// a \\\r\n gup", False),
    (b"\"gup\"", False),
    (b"\"a \\\" gup\"", False),
    (b"\"a \\\n gup\"", False),
    (b"\"a \\\r\n gup\"", False),
    (b"'gup'", False),
    (b"\"gup", False),
    (b"/", False),
    (b"\"\\", False),
]
for text, expected in cases:
    out = subprocess.check_output([driver, "gate", "gup"], input=text)
    assert out.decode().strip() == ("gup" if expected else "-"), (text, out)


def why(text, *words):
    out = subprocess.check_output([driver, "gate", *words], input=text)
    return out.decode().strip()


# The first in the text, whatever the order of the words; long names too.
assert why(b"b a", "a", "b") == "b"
assert why(b"x" * 70 + b" " + b"x" * 71, "x" * 71) == "x" * 71
assert why(b"x" * 70, "x" * 71) == "-"

# 100 KB of ordinary code in a millisecond.
line = (
    b"\tret = some_function_of_mine(dev->field[%d], &value, PAGE_SIZE); /* why */\n"
)
text = b"".join(line % i for i in range(100000 // len(line)))
words = ["pin_user_pages", "get_user_pages_fast", "some_function_of_yours"]
out = subprocess.check_output([driver, "gate-speed", *words], input=text)
limit = 1000 if len(sys.argv) < 3 else 20000
assert int(out) < limit, "%s us" % out.decode().strip()
