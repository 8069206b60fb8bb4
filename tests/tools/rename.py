#!/usr/bin/env python3
"""rename.py OUT_DIR [--cc CC] [--seed N] [-I DIR]... FILE...: strangers' code.

Writes each C file under a random name below OUT_DIR with every identifier
renamed that is neither a keyword nor defined by the headers it includes, and
with all comments gone.  Lines and the order of tokens stay, so that the code
does the same.  A scenario keeps its id and the strings of its initialiser.

Local headers (#include "x.h") are renamed along with their files, one map for
all files.  The map goes to OUT_DIR/map.json: {"names": {old: new}, "files":
{old: new}}.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys

TOKEN = re.compile(
    r"""(?P<keep>\#\s*include\s*<[^>\n]*>)
      | (?P<comment>/\*.*?\*/|//(?:\\\n|[^\n])*)
      | (?P<string>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<number>\.?[0-9](?:[eEpP][+-]|[\w.])*)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<other>\s+|.)""",
    re.S | re.X,
)

KEYWORDS = set(
    """auto break case char const continue default do double else enum extern
    float for goto if inline int long register restrict return short signed
    sizeof static struct switch typedef union unsigned void volatile while
    _Alignas _Alignof _Atomic _Bool _Complex _Generic _Imaginary _Noreturn
    _Static_assert _Thread_local bool true false NULL asm typeof main defined
    include define undef ifdef ifndef if elif else endif error pragma line
    __attribute__ __asm__ __VA_ARGS__ __FILE__ __LINE__ __func__ __typeof__
    __extension__ __thread noinline noreturn unused used""".split()
)


def tokens(text):
    for match in TOKEN.finditer(text):
        yield match.lastgroup, match.group()


def words(text):
    return {t for kind, t in tokens(text) if kind == "word"}


def foreign_names(cc, flags, path, text):
    """What the system's headers give: every word of their expansion, and the
    names of their macros."""
    includes = "".join(
        line + "\n"
        for line in text.splitlines()
        if re.match(r"\s*#\s*include\s*<", line)
    )
    base = [cc, "-std=c11", "-D_GNU_SOURCE", "-fsanitize=thread", *flags]
    found = set()
    for mode in (["-E", "-P"], ["-E", "-dM"]):
        done = subprocess.run(
            [*base, *mode, "-x", "c", "-"],
            input=includes,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"rename.py: {path}: {done.stderr}")
        found |= words(done.stdout)
    return found


class Renamer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names, self.files, self.taken = {}, {}, set()

    def fresh(self):
        while True:
            letters = "abcdefghijklmnopqrstuvwxyz"
            name = "".join(
                self.random.choice(letters)
                for _ in range(self.random.randint(3, 9))
            )
            if name not in self.taken and name not in KEYWORDS:
                self.taken.add(name)
                return name

    def name(self, old):
        if old not in self.names:
            self.names[old] = self.fresh()
        return self.names[old]

    def file(self, old):
        base = os.path.basename(old)
        if base not in self.files:
            self.files[base] = self.fresh() + os.path.splitext(base)[1]
        return self.files[base]

    def rename(self, text, keep):
        out = []
        # Within SNAG_SCENARIO(family, name) the id stays.
        id_words = 0
        after_include = False
        for kind, token in tokens(text):
            if kind == "comment":
                # Lines stay where they are.
                out.append(" " + "\n" * token.count("\n"))
                continue
            if kind == "word":
                if id_words and token not in ("SNAG_SCENARIO",):
                    id_words -= 1
                elif token == "SNAG_SCENARIO":
                    id_words = 2
                elif token not in keep and not token.startswith("__"):
                    token = self.name(token)
                after_include = token == "include"
            elif kind == "string":
                if after_include:
                    token = '"' + self.file(token[1:-1]) + '"'
                after_include = False
            elif token.strip():
                after_include = False
            out.append(token)
        return "".join(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--cc", default="clang")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-I", dest="include", action="append", default=[])
    args = parser.parse_args()

    flags = ["-I" + folder for folder in args.include]
    texts, keep = {}, set(KEYWORDS)
    pending = list(args.files)
    while pending:
        path = pending.pop()
        if path in texts:
            continue
        with open(path, encoding="utf-8") as file:
            texts[path] = file.read()
        keep |= foreign_names(args.cc, flags, path, texts[path])
        for local in re.findall(r'#\s*include\s*"([^"]+)"', texts[path]):
            pending.append(os.path.join(os.path.dirname(path), local))

    renamer = Renamer(args.seed)
    renamer.taken |= keep
    os.makedirs(args.out, exist_ok=True)
    for path in sorted(texts):
        name = renamer.file(path)
        with open(os.path.join(args.out, name), "w", encoding="utf-8") as file:
            file.write(renamer.rename(texts[path], keep))
    with open(os.path.join(args.out, "map.json"), "w", encoding="utf-8") as file:
        json.dump({"names": renamer.names, "files": renamer.files}, file)


if __name__ == "__main__":
    main()
