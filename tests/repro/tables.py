"""Tables as people have them: semicolons, tabs, decimal commas, marks and line ends of spreadsheets; what is ambiguous is
refused; a bank without its bad rows; names of domains and groups with blanks, commas, dots, quotes, slashes and letters
beyond ASCII wherever a name can stand. SPDX-License-Identifier: Apache-2.0
"""
import csv
import io
import os
import sys
import tempfile
from pathlib import Path

from _durable import digest
from _program import call, check, must, sets, summary

COMMA = "id,a,b,domain\ni1,1.25,-0.5,A\ni2,0.75,1.5,B\ni3,1,2.125,A\n"
SEMICOLON = COMMA.replace(",", ";").replace(".", ",")
SAID = "cells separated by semicolons, decimal commas"
# what spreadsheets and R write -> what is said of it, after the name of the file
SAME = {
    "semicolons": (SEMICOLON, SAID),
    "BOM and CRLF": ("\ufeff" + SEMICOLON.replace("\n", "\r\n"), SAID),
    "sep=": ("sep=;\r\n" + SEMICOLON.replace("\n", "\r\n"), SAID),
    "quoted": ('"id";"a";"b";"domain"\n"i1";1,25;-0,5;"A"\n"i2";0,75;1,5;"B"\n"i3";1;2,125;"A"\n', SAID),
    "semicolons, points": (COMMA.replace(",", ";"), "cells separated by semicolons\n"),
    "tabs": (COMMA.replace(",", "\t"), "cells separated by tabs\n"),
    "tabs, commas": (SEMICOLON.replace(";", "\t"), "cells separated by tabs, decimal commas"),
    "commas, aligned by tabs": (COMMA.replace(",", ",\t"), ""),
    "sep=,": ("sep=,\n" + COMMA, ""),
    "a semicolon in the header": (COMMA.replace("domain", '"domain"'), ""),
}
# a table -> the line that refuses it
REFUSED = {
    "id;a\nx;1.234,5\n": "2:3: column a: '1.234,5': thousands are not marked",
    "id;a\nx;0,5\ny;1.5\n": "3:3: column a: '1.5': a decimal point, but line 2 has a decimal comma",
    "id;a\nx;1.5\ny;0,5\n": "3:3: column a: '0,5': a decimal comma, but line 2 has a decimal point",
    "id;a\nx;1,234\n": "2:3: column a: '1,234': a decimal comma or thousands?",
    'id,a\nx,"0,5"\n': "a decimal comma is read where semicolons or tabs separate cells",
    "id;a,b\nx;1,5\n": "1:1: are its cells separated by commas or by semicolons? Both fit; a first line sep=, or sep=; tells",
    "id\nx;1\ny,2\n": "3:3: a row of 2 cells separated by commas, where the header has 1",
    "id;a\nx;1;2\n": "2:5: a row of 3 cells separated by semicolons, where the header has 2",
    "sep=|\nid|a\n": "1:5: sep: commas, semicolons or tabs separate cells",
    "id,a,D\nx,1,1\n": "1:6: column D: the scaling constant D is exam.scaling_constant",
    "id,a,c,d\nx,1,0,1.702\n": "2:7: column d: 1.702 is above 1; the scaling constant D is exam.scaling_constant",
    "id,a\nx,-0.7\n": "2:3: column a: -0.7 is negative: the item has a wrong key or is scored in reverse",
    "id,a\nx,0\n": "2:3: column a: 0: a discrimination is above 0",
    'id,domain\nx,"a\x07b"\n': "2:3: column domain: a name with a control character",
    f"id,domain\nx,{'d' * 129}\n": "2:3: column domain: a name of more than 128 bytes",
}
DOMAINS = ["Airway, respiration & ventilation", 'Vol. 1: "Basics"', "Herz/Kreislauf äöü 心", "a = b [c]", "plain"]
QUOTED = ["Airway, respiration & ventilation", '"Vol. 1: ""Basics"""', "Herz/Kreislauf äöü 心", '"a = b [c]"', "plain"]
SCENARIO = """bank: bank.csv
engine: {{candidates: 256}}
exam:
  min_items: 10
  max_items: 10
  pilot_items: 0
  content: {{rule: kingsbury_zara, domains: {domains}}}
"""


def written(path, text):
    Path(path).write_bytes(text.encode())
    return path


def test_dialects_are_one_bank():
    plain = must("bank", "convert", written("plain.csv", COMMA))
    for name, (text, said) in SAME.items():
        done = call("bank", "convert", written("other.csv", text))
        check(done.returncode == 0 and done.stdout == plain, f"{name}: {done.stdout}{done.stderr}")
        wanted = f"retake: other.csv: {said}" if said else ""
        check(done.stderr.startswith(wanted) and done.stderr.count("\n") == bool(said), f"{name}: {done.stderr!r}")


def test_every_table_of_a_scenario():
    written("bank.csv", "id,b\n" + "".join(f"i{k},{k / 8 - 2}\n" for k in range(40)))
    files = {"people.csv": "id,theta,speed\np1,0.25,0.5\np2,-0.75,0.125\n",
             "days.csv": "date,name\n2026-12-25,x\n",
             "p.csv": "id,probability\n" + "".join(f"i{k},0.5\n" for k in range(40))}
    written("s.yaml", "bank: bank.csv\nengine: {candidates: 256}\n"
            "exam: {min_items: 5, max_items: 9, pilot_items: 0, exposure: {rule: sympson_hetter, file: p.csv}}\n"
            "population: {candidates_file: people.csv}\ncalendar: {holidays_file: days.csv}\n")
    digests = set()
    for separator, mark in ((",", "."), (";", ","), ("\t", ",")):
        for name, text in files.items():
            text = text.replace(".", mark) if mark == "," and separator == "," else text
            cells = "\n".join(separator.join(c.replace(".", mark) for c in line.split(","))
                              for line in text.splitlines())
            written(name, cells + "\n")
        done = call("run", "s.yaml", "-o", "o.h5")
        check(done.returncode == 0, done.stderr)
        notes = [line for line in done.stderr.splitlines() if "cells separated by" in line]
        check(len(notes) == (0 if separator == "," else 3), f"{separator!r}: {notes}")
        digests.add(digest("o.h5"))
    check(len(digests) == 1, digests)


def test_answers_targets_and_policies():
    written("bank.csv", "id;a;b\nq1;1,5;0,25\nq2;0,75;-1,5\n")
    written("s.yaml", "bank: bank.csv\nexam: {min_items: 2, max_items: 2, pilot_items: 0}\n")
    written("answers.csv", "examinee\tq1\tq2\nA\t1\t0\nB\t0\t1\n")
    written("times.csv", "examinee;q1;q2\nA;10,5;20,25\nB;1,5;2,5\n")
    done = call("replay", "s.yaml", "--responses", "answers.csv", "--times", "times.csv", "-o", "t.csv")
    check(done.returncode == 0, done.stderr)
    for line in ("bank.csv: " + SAID, "answers.csv: cells separated by tabs\n", "times.csv: " + SAID):
        check(line in done.stderr, f"{line!r} is not in {done.stderr!r}")
    written("n.yaml", "exam: {form: normal}\nengine: {candidates: 256}\n")
    written("rows.csv", "exam.cut_theta;policy.wait_days\n0,5;15\n-0,25;30\n")
    written("sweep.yaml", "base: n.yaml\ndesign: {rule: rows, file: rows.csv}\n")
    done = call("sweep", "sweep.yaml", "-o", "sweep.h5")
    check(done.returncode == 0 and done.stderr.count("rows.csv: " + SAID) == 1, done.stderr)
    check(summary("sweep.h5")["exam.cut_theta"] == [0.5, -0.25], "values of a sweep")
    written("targets.csv", "statistic;value;se\npass_rate[attempt=1];0,7;0,01\n")
    written("free.csv", "key;low;high\npopulation.groups.all.theta_mean;-0,5;1,5\n")
    done = call("calibrate", "n.yaml", "--targets", "targets.csv", "--free", "free.csv", "-o", "fit.yaml",
                "--candidates", 2_000)
    check(done.returncode == 0 and "targets.csv: " + SAID in done.stderr and "free.csv: " + SAID in done.stderr,
          done.stderr)


def test_refusals():
    for text, line in REFUSED.items():
        done = call("bank", "info", written("bad.csv", text))
        check(done.returncode == 65 and f"bad.csv:{line}" in done.stderr or line in done.stderr,
              f"{text!r}: {done.returncode} {done.stderr!r}")


def test_other_encodings():
    """What a spreadsheet of Windows writes: told by a name, with what mends it."""
    for encoding, name in (("cp1252", "WINDOWS-1252"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")):
        text = ("" if encoding == "cp1252" else "\ufeff") + "id;a;b;domain\nx;1;0;Übung & Atención\n"
        Path("wide.csv").write_bytes(text.encode(encoding))
        done = call("bank", "info", "wide.csv")
        said = done.stderr.count("\n") == 1 and f"iconv -f {name} -t UTF-8" in done.stderr
        check(done.returncode == 65 and said, f"{encoding}: {done.stderr}")


def test_one_of_many():
    written("one.csv", "id,a,b,domain\nx,1,0,A\ny,-1,0,B\nz,1,1,B\nu,1,2,B\n")
    out = call("bank", "check", "one.csv", "--drop", "-o", "left.csv").stdout
    check("without 1 that has errors" in out and "'A' has 1 scored item, fewer" in out, out)
    check("'B' has 2 scored items, fewer" in must("bank", "check", "left.csv"), "two")


def test_drop():
    text = ('id;a;b;enemy\r\n"g\r\n1";1,5;0;"x\r\ny"\r\n\r\nbad;-1,5;0;x\r\ng2;0,5;1,5;x\r\ng2;1;0;x\r\n'
            '"bad\r\n2";1;2,x;x\r\ng3;1;"0,5";x')
    written("some.csv", text)
    done = call("bank", "check", "some.csv", "--drop", "-o", "rest.csv")
    check(done.returncode == 0, done.stderr)
    check(done.stdout.endswith("rest.csv: 3 items, without 3 that have errors\n"), done.stdout)
    for line in ("some.csv:6:5: error: column a: -1.5 is negative", "some.csv:8:1: error: column id: repeated id 'g2'",
                 "some.csv:10:6: error: column b: expected a number, not '2,x'"):
        check(line in done.stdout, f"{line!r} is not in {done.stdout!r}")
    lines = text.split("\r\n")
    kept = "\r\n".join([*lines[:5], lines[6], lines[10]])
    check(Path("rest.csv").read_bytes().decode() == kept, Path("rest.csv").read_bytes())
    check(call("bank", "info", "rest.csv").returncode == 0, "what is left is no bank")
    for words, status, said in ((("some.csv", "--drop"), 2, "given together"), (("some.csv", "-o", "x.csv"), 2, "together"),
                                (("some.csv", "--drop", "-o", "some.csv"), 2, "would replace"),
                                (("none.csv", "--drop", "-o", "x.csv"), 65, "every item has an error; none remains")):
        written("none.csv", "id,a\nx,-1\ny,0\n")
        done = call("bank", "check", *words)
        check(done.returncode == status and said in done.stderr and not os.path.exists("x.csv"), f"{words}: {done.stderr}")


def test_names_everywhere():
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "b", "domain"])
    rows.writerows([f"i{k}", k / 40 - 1.5, DOMAINS[k % 5]] for k in range(120))
    written("bank.csv", out.getvalue())
    names = ", ".join('"%s": {target: 0.2}' % name.replace("\\", "\\\\").replace('"', '\\"') for name in DOMAINS)
    written("s.yaml", SCENARIO.format(domains="{" + names + "}"))
    must("run", "s.yaml", "-o", "yaml.h5")
    dotted = "".join("  exam.content.domains.%s.target: 0.2\n" % name for name in QUOTED if '"' not in name and "," not in name)
    check("sum to 0.4" in call("check", written("d.yaml", SCENARIO.format(domains="{}") + dotted.replace("  ", ""))).stderr,
          "dotted keys")
    written("bare.yaml", SCENARIO.format(domains="{}"))
    assignments = sets(f"exam.content.domains.{name}.target=0.2" for name in QUOTED)
    must("run", "bare.yaml", "-o", "set.h5", *assignments)
    check(digest("yaml.h5") == digest("set.h5"), "--set and YAML differ")
    attributes = summary("yaml.h5")["attributes"]
    for name in QUOTED[:4]:
        quoted = name if name[0] == '"' or "," not in name else f'"{name}"'
        check(attributes[f"exam.content.domains.{quoted}.target"] == 0.2, f"no attribute of {quoted}")
    done = call("check", "s.yaml", "--set", "exam.content.domains.Herz/Kreislauf äü 心.min_items=2")
    check("did you mean 'Herz/Kreislauf äöü 心'?" in done.stderr, done.stderr)
    done = call("check", "s.yaml", "--set", "exam.content.domains.a\tb.min_items=2")
    check(done.returncode == 65 and "without control characters" in done.stderr, done.stderr)
    written("sweep.yaml", "base: s.yaml\naxes:\n"
            "  'exam.content.domains.\"Vol. 1: \"\"Basics\"\"\".max_items': [2, 3]\n"
            "  exam.content.domains.Herz/Kreislauf äöü 心.min_items: [1, 2]\n"
            "where: 'exam.content.domains.\"Herz/Kreislauf äöü 心\".min_items < exam.content.domains.\"Vol. 1: "
            "\"\"Basics\"\"\".max_items'\n")
    must("sweep", "sweep.yaml", "-o", "sweep.h5")
    swept = summary("sweep.h5")
    check(swept['exam.content.domains."Vol._1:_""Basics""".max_items'] == [2, 3, 3], sorted(swept))
    check(swept["exam.content.domains.Herz_Kreislauf_äöü_心.min_items"] == [1, 1, 2], "a slash in a name")
    must("sweep", "sweep.yaml", "-o", "sweep.h5", "--resume")
    must("report", "sweep.h5", "-o", "sweep.html")
    must("bank", "generate", "-o", "g.csv", "--items", 20, "--pilots", 0, "--domains",
         '"Airway, respiration & ventilation"=2,plain=1')
    check('"Airway, respiration & ventilation"' in Path("g.csv").read_text(), "a name in quotes of --domains")
    open_both("yaml.h5", "sweep.h5")


def open_both(*paths):
    try:
        import xarray
    except ImportError:
        return
    for path in paths:
        with xarray.open_dataset(path) as data:
            check(any("Herz" in name for name in (*data.attrs, *data.coords)), f"{path}: no such name in xarray")


def test_names_of_groups_in_addresses():
    written("g.yaml", "exam: {form: normal}\nengine: {candidates: 512}\npopulation:\n  groups:\n"
            "    \"Rural, north\": {theta_mean: 1}\n    St. Mary's: {theta_mean: -1}\n")
    must("run", "g.yaml", "-o", "g.h5", "--set", 'population.groups."St. Mary\'s".weight=3')
    check(summary("g.h5")["group"] == ["all", "Rural, north", "St. Mary's"], "groups")
    done = call("run", "g.yaml", "-o", "p.h5", "--precision", 'pass_rate[attempt=1,group="Rural, nord"]=0.1')
    check("did you mean 'Rural, north'?" in done.stderr, done.stderr)
    done = call("run", "g.yaml", "-o", "p.h5", "--precision", 'pass_rate[attempt=1,group="Rural, north"]=0.1')
    check(done.returncode == 0, done.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, test in list(globals().items()):
            if name.startswith("test_"):
                test()


if __name__ == "__main__":
    sys.exit(main())
